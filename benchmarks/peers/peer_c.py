"""The reduced model in C, compiled here with cc and called through ctypes."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

FLAGS = ("-O3", "-march=native", "-fno-math-errno", "-ffp-contract=off", "-shared", "-fPIC")
NAMES = ("years", "contest_rate", "branching", "forget_rate", "adherence_rate", "hide_truce", "hide_rate",
         "member_victim_share", "background_rate", "saturation_share", "calm_rate", "relapse_rate", "retire_rate",
         "recruit_rate", "mixing")  # fmt: skip


def build() -> ctypes.CDLL:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise SystemExit("no C compiler: the C peer needs cc")
    target = Path(tempfile.mkdtemp(prefix="tregua-peer-c-")) / "reduced.so"
    source = Path(__file__).with_name("reduced.c")
    subprocess.run([compiler, *FLAGS, "-o", str(target), str(source), "-lm"], check=True)
    return ctypes.CDLL(str(target))


def prepare(world: dict[str, Any]) -> Any:
    from tregua.model import draws

    library = build()
    theta = {**world["theta"], "mixing": world["mixing"]}
    th = np.array([theta[n] for n in NAMES])
    arrays = {n: np.array(world[n], np.float64) for n in ("population", "rivalry", "obedience", "will", "offer")}
    areas, gangs = arrays["obedience"].shape
    area_key = np.array([draws.id_key("area", f"a{m}") for m in range(areas)], np.uint64)
    cells = [[draws.id_key("cell", f"a{m}:g{g}") for g in range(gangs)] for m in range(areas)]
    cell_key = np.array(cells, np.uint64)
    first, calm_first = np.array(world["active"], np.float64), np.array(world["calmados"], np.float64)

    def at(array: Any) -> Any:
        return array.ctypes.data_as(ctypes.c_void_p)

    def once(seed: int) -> list[float]:
        active, calm, remembered = first.copy(), calm_first.copy(), np.zeros_like(first)
        work, out = np.zeros(4 * gangs), np.zeros(5)
        inputs = [at(arrays[n]) for n in ("population", "rivalry", "obedience", "will", "offer")]
        library.run(
            at(th), areas, gangs, len(arrays["offer"]), *inputs, at(area_key), at(cell_key),
            ctypes.c_uint64(draws.history_key(seed, 0, 0)), at(active), at(calm), at(remembered), at(work), at(out),
        )  # fmt: skip
        return [float(x) for x in out]

    return once
