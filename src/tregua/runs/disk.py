"""Files that appear whole or not at all.

A file is written beside its place, flushed to the disk and renamed. A reader therefore never meets half a file, and
a process that is killed leaves at most a ``.part`` file that the next one sweeps away.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import os
import platform
import re
import time
from pathlib import Path
from typing import BinaryIO

from tregua.errors import Problem, StoreError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_DAY = 86_400.0


def store_error(code: str, message: str, path: Path | str, found: object, allowed: str, mend: str) -> StoreError:
    """A `StoreError` with its own code and the place where it happened."""
    problem = Problem(code, message, file=str(path), found=str(found), allowed=allowed, mend=mend)
    return StoreError(message, problems=(problem,))


def explain(error: OSError, path: Path) -> StoreError:
    """Say what a failed write means and how to mend it.

    Parameters
    ----------
    error : OSError
    path : Path
        The file that was to be written.
    """
    if error.errno in _FULL:
        return store_error(
            "E54",
            "the disk is full: nothing was left half-written",
            path,
            error.strerror or error,
            "free space for the results",
            "free some space, or choose another folder with --out; the same command then goes on from here",
        )
    if error.errno in _CLOSED:
        return store_error(
            "E53",
            "the results folder cannot be written",
            path,
            error.strerror or error,
            "a folder you may write to",
            "choose another folder with --out, or change the permissions of this one",
        )
    return store_error(
        "E53",
        "the file system refused a file",
        path,
        error.strerror or error,
        "a folder that can be written",
        "check the disk, or choose another folder with --out",
    )


class Disk:
    """Writes whole files.

    Tests replace `open` by one that runs out of space at a given byte.
    """

    def __init__(self) -> None:
        self._count = itertools.count()
        # The process id alone does not name a writer on a folder shared by several machines.
        self._host = hashlib.sha256(platform.node().encode()).hexdigest()[:8]

    def open(self, path: Path) -> BinaryIO:
        """Open a new file for writing."""
        return open(path, "xb")

    def write(self, path: Path, data: bytes) -> None:
        """Put `data` at `path`, whole or not at all.

        Raises
        ------
        StoreError
            The folder is read-only or the disk is full. The file that stood at `path` is as it was.
        """
        part = path.with_name(f".{path.name}.{self._host}-{os.getpid()}-{next(self._count)}.part")
        try:
            self.folder(path.parent)
            stream = self.open(part)
            try:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            finally:
                # A full disk may refuse the buffer a second time on closing; the first refusal is the one to tell.
                with contextlib.suppress(OSError):
                    stream.close()
            os.replace(part, path)
            self._settle(path.parent)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink()
            raise explain(error, path) from error
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink()
            raise

    def folder(self, path: Path) -> None:
        """Make a folder and its parents."""
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise explain(error, path) from error

    def move(self, source: Path, target: Path) -> Path:
        """Move a file or folder to a free name at or beside `target`, and return where it went."""
        place = target
        for number in itertools.count(2):
            if not place.exists():
                break
            place = target.with_name(f"{target.name}.{number}")
        try:
            self.folder(place.parent)
            os.replace(source, place)
        except OSError as error:
            raise explain(error, place) from error
        return place

    def sweep(self, folder: Path) -> int:
        """Remove what killed writers left behind; return how many files went.

        A ``.part`` file of this machine goes when its process is gone; one of another machine after a day.
        """
        swept = 0
        for part in folder.glob(".*.part"):
            match = re.search(r"\.([0-9a-f]{8})-(\d+)-\d+\.part$", part.name)
            if match is None:
                continue
            host, pid = match.group(1), int(match.group(2))
            with contextlib.suppress(OSError):
                old = time.time() - part.stat().st_mtime > _DAY
                if old or (host == self._host and not _alive(pid)):
                    part.unlink()
                    swept += 1
        return swept

    def _settle(self, folder: Path) -> None:
        """Make the rename itself survive a power cut, where the file system allows it."""
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _alive(pid: int) -> bool:
    """True while a process of this machine runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
