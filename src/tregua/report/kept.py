"""Pictures drawn before, kept in the user's cache under a hash of all that they are drawn from.

Drawing is more than half of what a page costs, and most pictures of a page written again are those of the last one. A
picture is taken from here only if whatever draws it is the same to the byte: its specification, the exporter, the faces
and this package's own rules. What cannot be read is drawn again, and a folder that cannot be written keeps nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import zlib
from collections.abc import Callable
from functools import cache
from importlib import metadata
from importlib.resources import files
from pathlib import Path

from tregua.errors import StoreError
from tregua.model.compiled import cache_roots
from tregua.runs.disk import Disk

MOST = 64 * 2**20
"""Bytes that the folder may hold; the oldest half goes when it holds more."""
DRAWN_BY = (
    "picture.py",
    "svg.py",
    "fonts/AtkinsonHyperlegibleNext-Regular.ttf",
    "fonts/AtkinsonHyperlegibleNext-SemiBold.ttf",
)
"""What of this package a kept picture depends on, beside its specification."""


def kept(kind: str, source: str, make: Callable[[], str]) -> str:
    """What `make` makes of `source`: as kept, or made now and kept.

    Parameters
    ----------
    kind : str
        What is made: the same source may be made into several things.
    source : str
        All that the result depends on, beside the code and the faces.
    make : callable
        Makes it.
    """
    folder = _folder()
    if folder is None:
        return make()
    name = hashlib.sha256(f"{_drawn_by()}\0{kind}\0{source}".encode()).hexdigest()
    path = folder / name[:2] / name[2:]
    with contextlib.suppress(OSError, zlib.error, UnicodeDecodeError):
        return zlib.decompress(path.read_bytes()).decode()
    made = make()
    with contextlib.suppress(StoreError):
        Disk().write(path, zlib.compress(made.encode(), 1))
    return made


def any_kept() -> bool:
    """True where pictures are kept at all: most of the next page will be among them."""
    folder = _folder()
    return folder is not None and any(folder.glob("*/*"))


@cache
def _drawn_by() -> str:
    """A hash of the exporter's version and of what of this package draws."""
    found = hashlib.sha256(metadata.version("vl-convert-python").encode())
    for name in DRAWN_BY:
        found.update(files("tregua.report").joinpath(name).read_bytes())
    return found.hexdigest()


def _folder() -> Path | None:
    """Where pictures are kept: beside compiled code; None where this user has no cache."""
    root = next(iter(cache_roots()), None)
    return None if root is None else _tidied(root / "pictures")


@cache
def _tidied(folder: Path) -> Path:
    """The folder, without its oldest files where it holds too much; looked at once in a process."""
    with contextlib.suppress(OSError):
        held = sorted(((path.stat(), path) for path in folder.glob("*/*")), key=lambda one: -one[0].st_mtime)
        total = 0
        over = sum(one.st_size for one, _ in held) > MOST
        for one, path in held:
            total += one.st_size
            if over and total > MOST // 2:
                path.unlink(missing_ok=True)
    return folder
