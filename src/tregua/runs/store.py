"""A store: the folder in which finished shards lie.

Layout::

    store/manifest.json               what is here, when, by what (manifest.py)
    store/shards/KEY.json             receipt: digests and row counts; written last, it makes a shard finished
    store/shards/KEY.summaries.parquet
    store/shards/KEY.flows.parquet
    store/quarantine/                 what was found broken or foreign, with the reason beside it

Two processes may work on one store without waiting for each other. Shards are named by their content and appear
whole, so that writing one twice is harmless; the manifest is read, merged and replaced under a short lock that the
system lets go of when a process dies; and were the lock not honoured (some network folders), what one process wrote
into the manifest is found again from the receipts. A lock held over a whole run was rejected: it would stop a second
process that has other work to do, and a killed process would leave it behind.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tregua.errors import Problem, StoreError
from tregua.runs.disk import Disk, explain, store_error
from tregua.runs.manifest import Entry, Failed, Manifest, Written, now
from tregua.runs.shard import COLUMNS, FORMAT, Failure, Origin, Shard, canonical, decode, digest, encode, tabulate

if TYPE_CHECKING:
    import pyarrow as pa

OTHER_MODEL = "of another model"
OTHER_CASE = "of another case"


class Store:
    """Finished shards of one model and one case in a folder.

    Use `Store.open`.

    Attributes
    ----------
    folder : Path
    origin : Origin
        Model and case of what is stored.
    manifest : Manifest
    label : str
        Empty, or ``"of another model"`` / ``"of another case"`` where foreign results were opened for reading; every
        view of them must show it.
    problems : list of Problem
        What was found broken and set aside since the store was opened (warnings).
    """

    def __init__(self, folder: Path, origin: Origin, manifest: Manifest, disk: Disk, label: str = "") -> None:
        self.folder = folder
        self.origin = origin
        self.manifest = manifest
        self.label = label
        self.problems: list[Problem] = []
        self._disk = disk
        self._lock = threading.RLock()
        self._seen: dict[Path, tuple[int, int, int]] = {}

    @classmethod
    def open(
        cls,
        folder: Path | str,
        origin: Origin,
        *,
        case_id: str = "",
        command: str = "",
        other: Literal["refuse", "label", "set_aside"] = "refuse",
        disk: Disk | None = None,
    ) -> Store:
        """Open a store, or make it.

        Parameters
        ----------
        folder : path
            ``out/<case>/store``.
        origin : Origin
            Model and case that results must be of.
        case_id : str
            Id of the case, for people who read the manifest.
        command : str
            The command that is running, kept in the manifest.
        other : {"refuse", "label", "set_aside"}
            What to do with a store of another model or case: refuse it; open it for reading, labelled; or move it
            to a folder beside it and begin a new one. Nothing is ever deleted.
        disk : Disk, optional
            How files are written.

        Raises
        ------
        StoreError
            E51 another model or case; E52 a manifest of another version, or none that can be read; E53 a folder that
            cannot be written; E54 a full disk.
        """
        folder = Path(folder)
        disk = disk or Disk()
        manifest = read_manifest(folder)
        label = ""
        if manifest is not None and manifest.origin != origin:
            label = OTHER_MODEL if manifest.origin.case == origin.case else OTHER_CASE
            if other == "refuse":
                raise _foreign(folder, manifest, origin, label)
            if other == "set_aside":
                aside = f"{folder.name}-{manifest.origin.case[:6]}-{manifest.origin.model[:6]}"
                disk.move(folder, folder.with_name(aside))
                manifest, label = None, ""
        if label:
            assert manifest is not None
            return cls(folder, manifest.origin, manifest, disk, label)
        if manifest is None:
            manifest = Manifest(origin=origin, case_id=case_id)
        store = cls(folder, origin, manifest, disk)
        disk.folder(store.shards)
        disk.sweep(store.shards)
        disk.sweep(folder)
        if command and command not in manifest.commands:
            manifest.commands.append(command)
        store.adopt()
        return store

    @property
    def shards(self) -> Path:
        return self.folder / "shards"

    @property
    def quarantine(self) -> Path:
        return self.folder / "quarantine"

    def key(self, shard: Shard | str) -> str:
        """Content address of a shard in this store."""
        return shard if isinstance(shard, str) else shard.key(self.origin)

    def path(self, shard: Shard | str, table: str) -> Path:
        """Where a table of a shard lies."""
        return self.shards / f"{self.key(shard)}.{table}.parquet"

    def __contains__(self, shard: Shard | str) -> bool:
        return self.key(shard) in self.manifest.shards

    def entry(self, shard: Shard | str) -> Entry:
        """What is known of a finished shard.

        Raises
        ------
        StoreError
            E55: it has not been computed.
        """
        key = self.key(shard)
        entry = self.manifest.shards.get(key)
        if entry is None:
            name = key[:12] if isinstance(shard, str) else shard.label
            raise store_error(
                "E55",
                "a result that was asked for has not been computed",
                self.folder,
                name,
                "a finished shard",
                "run the command that computes it; finished work is kept",
            )
        return entry

    def adopt(self) -> int:
        """Bring the manifest in line with the receipts in the folder; return how many shards were found new.

        Shards whose process was killed before it wrote the manifest are taken in; entries without a receipt go.
        """
        with self._lock:
            there = {path.stem: path for path in self.shards.glob("*.json")}
            for key in [key for key in self.manifest.shards if key not in there]:
                del self.manifest.shards[key]
            found = 0
            for key in sorted(there.keys() - self.manifest.shards.keys()):
                try:
                    entry = self._receipt(key)
                except ValueError as error:
                    self._set_aside(key, f"the receipt {error}")
                    continue
                self.manifest.shards[key] = entry
                found += 1
            return found

    def fetch(self, shard: Shard) -> bool:
        """True where the shard is finished by now, by this process or another; takes its receipt in."""
        key = self.key(shard)
        with self._lock:
            if key in self.manifest.shards:
                return True
            if not (self.shards / f"{key}.json").exists():
                return False
            try:
                entry = self._receipt(key)
            except ValueError:
                return False
        if self._fault(key, entry):
            return False
        with self._lock:
            self.manifest.shards[key] = entry
        return True

    def write(
        self,
        shard: Shard,
        tables: Mapping[str, Any],
        failures: Iterable[Failure] = (),
        *,
        seconds: float | None = None,
    ) -> Entry:
        """Store a finished shard: tables first, the receipt last.

        Parameters
        ----------
        shard : Shard
        tables : mapping
            ``summaries`` and ``flows``, either or both, as `tregua.runs.shard.tabulate` takes them.
        failures : iterable of Failure
            Histories of the shard that could not be computed.
        seconds : float, optional
            Time of computing.

        Raises
        ------
        ValueError
            Tables that do not have their form.
        StoreError
            E51 opened for reading only; E53 the folder cannot be written; E54 the disk is full.
        """
        if self.label:
            raise _foreign(self.folder, self.manifest, self.origin, self.label)
        key = self.key(shard)
        blobs: dict[str, tuple[bytes, int]] = {}
        for name in sorted(tables):
            table = tabulate(name, tables[name])
            blobs[name] = (encode(name, table, self._identity(key, name)), table.num_rows)
        with self._lock:
            writer = self.manifest.sign()
        entry = Entry(
            kind=shard.kind,
            label=shard.label,
            settings=shard.settings,
            size=shard.size,
            tables={name: Written(digest(data), rows, len(data)) for name, (data, rows) in blobs.items()},
            failures=tuple(failures),
            seconds=seconds,
            finished=now(),
            writer=writer,
        )
        for name, (data, _) in blobs.items():
            self._disk.write(self.path(key, name), data)
        body = {"format": FORMAT, "key": key, **self._identity(key, "receipt"), **entry.receipt()}
        body["digest"] = digest(canonical(body))
        self._disk.write(self.shards / f"{key}.json", (json.dumps(body, sort_keys=True) + "\n").encode())
        with self._lock:
            self.manifest.shards[key] = entry
            if self.manifest.failed.pop(key, None) is not None:
                with contextlib.suppress(OSError):
                    (self.quarantine / f"{key}.failed.txt").unlink()
        return entry

    def read(self, shard: Shard | str, table: str) -> pa.Table:
        """A table of a finished shard.

        Raises
        ------
        StoreError
            E55: not computed, or broken; a broken shard is set aside first.
        """
        key = self.key(shard)
        entry = self.entry(key if isinstance(shard, str) else shard)
        try:
            if table not in entry.tables:
                raise ValueError(f"holds no table {table}")
            return decode(table, self._bytes(key, table, entry), self._identity(key, table))
        except ValueError as error:
            if table not in entry.tables:
                raise store_error(
                    "E55",
                    f"a result holds no {table}",
                    self.folder,
                    ", ".join(entry.tables) or "no table",
                    table,
                    "ask for a table that it holds",
                ) from error
            self._set_aside(key, f"the {table} {error}")
            raise store_error(
                "E55",
                "a stored result was broken and has been set aside",
                self.path(key, table),
                error,
                "the file as it was written",
                "run the same command again: only this piece is computed again",
            ) from error

    def check(self, shards: Iterable[Shard | str], threads: int = 2) -> list[Problem]:
        """Hold finished shards against their digests; set broken ones aside and say which.

        Parameters
        ----------
        shards : iterable of Shard or key
            Those that are not finished are passed over.
        threads : int
            Files read at once.

        Returns
        -------
        list of Problem
            One warning a broken shard. It is no longer finished and will be computed again.
        """
        keys = [key for key in map(self.key, shards) if key in self.manifest.shards]
        with ThreadPoolExecutor(max(1, threads)) as pool:
            faults = list(pool.map(lambda key: self._fault(key, self.manifest.shards[key]), keys))
        broken = [(key, fault) for key, fault in zip(keys, faults, strict=True) if fault]
        return [self._set_aside(key, fault) for key, fault in broken]

    def fail(self, shard: Shard, message: str, reproduce: str, details: str = "") -> Failed:
        """Record a shard that could not be computed; the next run tries it again.

        Parameters
        ----------
        shard : Shard
        message : str
            One sentence.
        reproduce : str
            The command that repeats it.
        details : str
            Where in the program it happened; kept in ``quarantine/KEY.failed.txt``.
        """
        key = self.key(shard)
        row = Failed(shard.kind, shard.label, shard.settings, message, reproduce, now())
        text = f"{shard.label}\n{message}\nreproduce: {reproduce}\n\n{details}"
        self._disk.write(self.quarantine / f"{key}.failed.txt", text.encode())
        with self._lock:
            self.manifest.failed[key] = row
        return row

    def save(self) -> None:
        """Write the manifest, merged with what another process wrote meanwhile.

        Raises
        ------
        StoreError
            E51 another process began a store of another model here; E53, E54 it cannot be written.
        """
        if self.label:
            raise _foreign(self.folder, self.manifest, self.origin, self.label)
        with _locked(self.folder / ".lock"), self._lock:
            there = read_manifest(self.folder)
            mine = self.manifest.touched()
            if there is not None:
                if there.origin != self.origin:
                    label = OTHER_MODEL if there.origin.case == self.origin.case else OTHER_CASE
                    raise _foreign(self.folder, there, self.origin, label)
                mine = mine.merge(there)
                gone = [key for key in mine.shards if not (self.shards / f"{key}.json").exists()]
                for key in gone:
                    del mine.shards[key]
            self._disk.write(self.folder / "manifest.json", mine.to_bytes())
            self.manifest = mine

    def _identity(self, key: str, table: str) -> dict[str, str]:
        return {"model": self.origin.model, "case": self.origin.case, "key": key, "table": table}

    def _bytes(self, key: str, table: str, entry: Entry) -> bytes:
        """The bytes of a table, held against its digest unless this very file was held against it before."""
        path = self.path(key, table)
        try:
            stat = path.stat()
            data = path.read_bytes()
        except OSError as error:
            raise ValueError(f"cannot be read ({error.strerror})") from error
        mark = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if self._seen.get(path) != mark:
            wanted = entry.tables[table]
            if len(data) != wanted.bytes:
                raise ValueError(f"has {len(data)} bytes, not {wanted.bytes}")
            if digest(data) != wanted.digest:
                raise ValueError("does not have the digest of its receipt")
            self._seen[path] = mark
        return data

    def _fault(self, key: str, entry: Entry) -> str:
        """Why a finished shard cannot be used, or nothing."""
        for table in entry.tables:
            try:
                self._bytes(key, table, entry)
            except ValueError as error:
                return f"the {table} {error}"
        return ""

    def _receipt(self, key: str) -> Entry:
        """Read a receipt; ValueError says what is wrong with it."""
        try:
            body = json.loads((self.shards / f"{key}.json").read_bytes())
        except OSError as error:
            raise ValueError(f"cannot be read ({error.strerror})") from error
        except (ValueError, RecursionError) as error:
            raise ValueError("is not whole") from error
        if not isinstance(body, dict) or body.get("format") != FORMAT:
            raise ValueError("is of another version")
        stated = body.pop("digest", "")
        if stated != digest(canonical(body)):
            raise ValueError("does not have its own digest")
        for part, wanted in self._identity(key, "receipt").items():
            if body.get(part) != wanted:
                raise ValueError(f"is of another {part}")
        unknown = set(body["tables"]) - set(COLUMNS)
        if unknown:
            raise ValueError(f"names unknown tables: {', '.join(sorted(unknown))}")
        return Entry.from_dict(body)

    def _set_aside(self, key: str, why: str) -> Problem:
        """Move everything of a shard to the quarantine, with the reason; nothing is deleted."""
        problem = Problem(
            "W50",
            "a stored result was set aside",
            file=str(self.shards / key),
            found=why,
            allowed="the file as it was written",
            mend="nothing to do: it is computed again by the next run; what was there lies in quarantine/",
        )
        with self._lock:
            self.manifest.shards.pop(key, None)
            self.problems.append(problem)
            if self.label:
                return problem
            # Where the folder cannot be written the file stays where it is; it is refused again by every reading.
            with contextlib.suppress(StoreError):
                for path in sorted(self.shards.glob(f"{key}.*")):
                    self._seen.pop(path, None)
                    self._disk.move(path, self.quarantine / path.name)
                self._disk.write(self.quarantine / f"{key}.why.txt", f"{why}\n".encode())
        return problem


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a store, or None where there is no store."""
    path = folder / "manifest.json"
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except NotADirectoryError as error:
        raise store_error(
            "E53", "the results folder is a file", folder, "a file", "a folder", "choose another folder with --out"
        ) from error
    except OSError as error:
        raise explain(error, path) from error
    return Manifest.from_bytes(data, path)


def _foreign(folder: Path, manifest: Manifest, origin: Origin, label: str) -> StoreError:
    part = "model" if label == OTHER_MODEL else "case"
    there, wanted = getattr(manifest.origin, part), getattr(origin, part)
    return store_error(
        "E51",
        f"the stored results are {label}",
        folder,
        f"{part} {there[:12]}, {len(manifest.shards)} finished shards",
        f"{part} {wanted[:12]}",
        "choose another folder with --out, or rename this one; nothing in it was changed",
    )


@contextlib.contextmanager
def _locked(path: Path, patience: float = 5.0) -> Iterator[None]:
    """Hold the lock of the manifest, or go on without it when it cannot be had in time.

    The system releases the lock of a process that dies, so no lock is ever stale. Going on without it can only cost
    clock times in the manifest, never a result.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    with contextlib.ExitStack() as stack:
        try:
            handle = stack.enter_context(open(path, "ab"))
        except OSError as error:
            raise explain(error, path) from error
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > until:
                    break
                time.sleep(0.02)
        yield
