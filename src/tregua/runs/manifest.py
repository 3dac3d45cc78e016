"""The manifest of a store: what is in it, who computed it, when and with what.

This is the only file with clock times, facts about the machine and software versions; shards hold none, so that the
same work has the same bytes everywhere. The manifest can be lost without losing results: it is built again from the
receipts that lie beside the shards.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tregua.runs.disk import store_error
from tregua.runs.shard import FORMAT, Failure, Origin, canonical, digest

PACKAGES = ("tregua", "numpy", "numba", "llvmlite", "pyarrow", "duckdb")
"""Packages whose versions can move a digit or a byte."""


def now() -> str:
    """The time, to the second, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def machine() -> dict[str, Any]:
    """Facts about this machine that bear on digits and on speed; nothing that names it or its user."""
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count() or 1,
        "c_library": " ".join(platform.libc_ver()).strip(),
    }


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that bear on digits."""
    out = {"python": ".".join(str(n) for n in sys.version_info[:3])}
    for package in PACKAGES:
        try:
            out[package] = version(package)
        except PackageNotFoundError:
            out[package] = "not installed"
    return out


@dataclass(frozen=True)
class Written:
    """One table of a shard as it lies on disk.

    Attributes
    ----------
    digest : str
        SHA-256 of the file.
    rows, bytes : int
    """

    digest: str
    rows: int
    bytes: int


@dataclass(frozen=True)
class Entry:
    """A finished shard.

    Attributes
    ----------
    kind, label, settings, size
        As in `tregua.runs.shard.Shard`.
    tables : mapping
        Table name -> `Written`.
    failures : tuple of Failure
        Histories inside the shard that could not be computed.
    seconds : float or None
        Time of computing; None where the manifest was built again from receipts.
    finished : str or None
        When, in UTC.
    writer : str or None
        Key of `Manifest.writers`.
    """

    kind: str
    label: str
    settings: Mapping[str, Any]
    size: int
    tables: Mapping[str, Written]
    failures: tuple[Failure, ...] = ()
    seconds: float | None = None
    finished: str | None = None
    writer: str | None = None

    def receipt(self) -> dict[str, Any]:
        """What is true of the shard on any machine at any time."""
        return {
            "kind": self.kind,
            "label": self.label,
            "settings": dict(self.settings),
            "size": self.size,
            "tables": {name: vars(table).copy() for name, table in sorted(self.tables.items())},
            "failures": [failure.as_dict() for failure in self.failures],
        }

    def as_dict(self) -> dict[str, Any]:
        return {**self.receipt(), "seconds": self.seconds, "finished": self.finished, "writer": self.writer}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Entry:
        return cls(
            kind=row["kind"],
            label=row["label"],
            settings=row["settings"],
            size=row["size"],
            tables={name: Written(**table) for name, table in row["tables"].items()},
            failures=tuple(Failure(**failure) for failure in row["failures"]),
            seconds=row.get("seconds"),
            finished=row.get("finished"),
            writer=row.get("writer"),
        )


@dataclass(frozen=True)
class Failed:
    """A shard that could not be computed at all; it is tried again by the next run.

    Attributes
    ----------
    label, kind, settings
        As in the shard.
    message : str
        What went wrong.
    reproduce : str
        The command that repeats it.
    at : str
        When, in UTC.
    """

    kind: str
    label: str
    settings: Mapping[str, Any]
    message: str
    reproduce: str
    at: str


@dataclass
class Manifest:
    """What a store holds.

    Attributes
    ----------
    origin : Origin
        Model and case of every shard.
    case_id : str
    created, updated : str
        UTC.
    shards : dict
        Key -> Entry, finished shards.
    failed : dict
        Key -> Failed, shards that could not be computed.
    writers : dict
        Short digest -> machine and versions of a process that computed shards.
    commands : list of str
        Commands that wrote here, the first time each.
    """

    origin: Origin
    case_id: str = ""
    created: str = field(default_factory=now)
    updated: str = field(default_factory=now)
    shards: dict[str, Entry] = field(default_factory=dict)
    failed: dict[str, Failed] = field(default_factory=dict)
    writers: dict[str, dict[str, Any]] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)

    @property
    def seeds(self) -> list[int]:
        """Seeds of the finished shards, ascending."""
        return sorted({e.settings["seed"] for e in self.shards.values() if "seed" in e.settings})

    @property
    def failures(self) -> list[Failure]:
        """Histories that could not be computed inside finished shards, in the order of the shards' labels."""
        entries = sorted(self.shards.items(), key=lambda item: (item[1].label, item[0]))
        return [failure for _, entry in entries for failure in entry.failures]

    def sign(self) -> str:
        """Register this process as a writer and return its key."""
        writer = {"machine": machine(), "versions": versions()}
        key = digest(canonical(writer))[:8]
        self.writers.setdefault(key, writer)
        return key

    def merge(self, other: Manifest) -> Manifest:
        """Both manifests in one: nothing that either knows is lost.

        Two processes on one store write the manifest in turn; each reads what the other wrote and adds its own.
        """
        shards = dict(self.shards)
        for key, entry in other.shards.items():
            mine = shards.get(key)
            if mine is None or (mine.finished or "") < (entry.finished or ""):
                shards[key] = entry
        failed = {**self.failed, **other.failed}
        return Manifest(
            origin=self.origin,
            case_id=self.case_id or other.case_id,
            created=min(self.created, other.created),
            updated=max(self.updated, other.updated),
            shards=shards,
            failed={key: row for key, row in failed.items() if key not in shards},
            writers={**self.writers, **other.writers},
            commands=list(dict.fromkeys([*self.commands, *other.commands])),
        )

    def to_bytes(self) -> bytes:
        """The manifest as JSON, keys in a fixed order."""
        tree = {
            "format": FORMAT,
            "model": self.origin.model,
            "case": self.origin.case,
            "case_id": self.case_id,
            "created": self.created,
            "updated": self.updated,
            "seeds": self.seeds,
            "commands": self.commands,
            "writers": dict(sorted(self.writers.items())),
            "shards": {key: entry.as_dict() for key, entry in sorted(self.shards.items())},
            "failed": {key: dict(vars(row)) for key, row in sorted(self.failed.items())},
        }
        return (json.dumps(tree, indent=1, ensure_ascii=False) + "\n").encode()

    @classmethod
    def from_bytes(cls, data: bytes, path: Path) -> Manifest:
        """Read a manifest.

        Raises
        ------
        StoreError
            Not a manifest, or one of another version.
        """
        mend = "delete the file: it is built again from the shards, and only clock times are lost"
        try:
            tree = json.loads(data)
            found = tree["format"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise store_error(
                "E52", "the manifest cannot be read", path, error, "a whole manifest.json", mend
            ) from error
        if found != FORMAT:
            raise store_error(
                "E52",
                "the results were written by another version of tregua",
                path,
                f"format {found}",
                f"format {FORMAT}",
                "use that version, or choose another folder with --out; nothing here was changed",
            )
        try:
            return cls(
                origin=Origin(tree["model"], tree["case"]),
                case_id=tree["case_id"],
                created=tree["created"],
                updated=tree["updated"],
                shards={key: Entry.from_dict(row) for key, row in tree["shards"].items()},
                failed={key: Failed(**row) for key, row in tree["failed"].items()},
                writers=tree["writers"],
                commands=tree["commands"],
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise store_error(
                "E52", "the manifest cannot be read", path, error, "a whole manifest.json", mend
            ) from error

    def touched(self) -> Manifest:
        """The same manifest with the present time."""
        return replace(self, updated=now())
