"""Arrays kept on disk between runs: written whole or not at all, read only as they were written."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from tregua.runs.disk import Disk

Array = npt.NDArray[np.float64]


def keep(place: Path, arrays: Mapping[str, Array]) -> None:
    """Write arrays under a name that then stands for all of them.

    Raises
    ------
    StoreError
        The folder cannot be written.
    """
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **arrays)
    Disk().write(place, stream.getvalue())


def kept(place: Path) -> dict[str, Array] | None:
    """Arrays by name; None where they are missing, not whole, or not what was written (each has a checksum)."""
    try:
        with place.open("rb") as file, np.load(file, allow_pickle=False) as found:
            return {name: found[name] for name in found.files}
    except (OSError, ValueError, EOFError, KeyError, NotImplementedError, BadZipFile, zlib.error):
        return None
