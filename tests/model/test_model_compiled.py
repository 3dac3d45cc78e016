"""The binding: replaced mechanisms are used, edited equations change results, and compiled code never goes stale."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from model_worlds import draw, held, small_world

import tregua
from tregua.errors import ModelError
from tregua.model import kernel
from tregua.model.compiled import Engine, Replacement, cache_folder, engine, model_digest
from tregua.model.declare import MECHANISMS
from tregua.model.outcomes import FLOWS
from tregua.model.parameter import Parameter
from tregua.model.simulate import Simulator, simulate_history

TRUCE = {"concession": 1.0, "contact": 1.0, "commitment": 0.6}


def half_hearted(adhered: float, obeyed: float) -> float:
    """Cliques keep half of what leaders and orders would give."""
    return 0.5 * adhered * obeyed


def fading(th: Any, active: float, youth_left: float, room: float, bonding: float) -> float:
    """Recruits that follow a parameter of their own."""
    return float(th.fading_rate) * active


HALF_HEARTED = Replacement("compliance.compliance", half_hearted)
FADING = Replacement(
    "membership.recruits",
    fading,
    (Parameter("fading_rate", "-", "1/yr", 0.02, "LogN(0.02,0.5)", 0, 1, "varied", "core", "recruits", "reclutas"),),
)


def totals(kernel: Engine, **values: float) -> np.ndarray:
    simulator = Simulator(small_world(2, 2), kernel=kernel)
    run = simulate_history(simulator, {**draw(), **values}, held(**TRUCE), seed=1, until=280, cuts=[0, 280])
    return np.concatenate([run.record.flows[0], run.record.stocks[0]])


def test_a_replaced_mechanism_is_used_and_named_in_the_digest(plain: Engine) -> None:
    replaced = engine((HALF_HEARTED,), compiled=False)
    assert not np.array_equal(totals(plain), totals(replaced))
    assert replaced.digest != plain.digest
    assert engine((FADING,), compiled=False).digest not in (plain.digest, replaced.digest)


def test_a_replaced_mechanism_may_bring_parameters(plain: Engine) -> None:
    replaced = engine((FADING,), compiled=False)
    assert "fading_rate" not in plain.parameters
    few, many = (totals(replaced, fading_rate=rate) for rate in (0.0, 0.9))
    assert not np.array_equal(few, many)
    with pytest.raises(ModelError, match="fading_rate"):
        totals(replaced)


def test_a_replaced_mechanism_has_its_own_effect(plain: Engine) -> None:
    shown = engine(
        (Replacement("recording.hiding_practice", lambda th, practised, adhered, years: 0.0),), compiled=False
    )
    hidden = FLOWS.index("homicides_hidden")
    assert totals(plain, hide_truce=0.8)[hidden] > 0.0
    assert totals(shown, hide_truce=0.8)[hidden] == 0.0


def test_replacing_leaves_the_original_engine_alone(plain: Engine) -> None:
    before = totals(plain)
    engine((HALF_HEARTED,), compiled=False)
    assert np.array_equal(totals(plain), before)


def test_a_replaced_mechanism_compiles() -> None:
    replaced = (HALF_HEARTED,)
    compiled = engine(replaced, mean_field=True)
    slow = engine(replaced, mean_field=True, compiled=False)
    assert np.array_equal(totals(compiled), totals(slow))
    assert not np.array_equal(totals(slow), totals(engine(mean_field=True)))


@pytest.mark.parametrize("slot", ["compliance.obey", "luck.compliance", "compliance", ""])
def test_a_slot_that_does_not_exist_is_refused_with_those_that_do(slot: str) -> None:
    with pytest.raises(ModelError, match=r"compliance\.compliance"):
        Replacement(slot, half_hearted)


def test_a_function_with_other_arguments_is_refused() -> None:
    with pytest.raises(ModelError, match="adhered, obeyed"):
        Replacement("compliance.compliance", lambda adhered: adhered)


def test_a_parameter_that_exists_cannot_be_brought_again() -> None:
    taken = Parameter("phi", "-", "-", 0.5, "Beta(2,2)", 0, 1, "varied", "core", "x", "x")
    with pytest.raises(ModelError, match="phi"):
        engine((Replacement("compliance.compliance", half_hearted, (taken,)),), compiled=False)


def test_processes_of_one_key_never_share_a_uniform() -> None:
    cell = [
        kernel.VICTIMS,
        kernel.VICTIM_MEMBERS,
        kernel.VICTIMS_HIDDEN,
        kernel.LEAVING_ACTIVE,
        kernel.ARRESTED,
        kernel.KILLED_BY_STATE,
        kernel.LEAVING_CALMADO,
        kernel.CALMADO_ARRESTED,
        kernel.CALMADO_KILLED,
        kernel.CALMADO_RELAPSED,
        kernel.LEAVING_PRISON,
        kernel.DIED_INSIDE,
        kernel.REJOINED,
        kernel.RECRUITED,
        kernel.LOCAL_MOOD,
        kernel.RECRUITED_INSIDE,
        kernel.CALMING,
    ]
    area = [
        kernel.COERCED,
        kernel.COERCED_HIDDEN,
        kernel.BACKGROUND,
        kernel.ATTACKED,
        kernel.YOUTH_ARRESTED,
        kernel.YOUTH_AGED,
        kernel.YOUTH_BORN,
        kernel.YOUTH_RELEASED,
        kernel.YOUTH_RECRUITED,
    ]
    nation = [kernel.EXPOSED, kernel.NATIONAL_MOOD, kernel.WRONGLY_LEFT, kernel.ABANDONED]
    role = [kernel.ROLE_KIND, kernel.ROLE_STRIKE, kernel.ROLE_RETURN, kernel.ROLE_SIGNAL]
    for numbers in (cell, area, nation, role):
        assert len(set(numbers)) == len(numbers)
    assert max(role) == kernel.ROLE_SIGNAL


# compiled code and its folder


def test_the_cache_folder_follows_the_digest_and_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TREGUA_CACHE", str(tmp_path / "named"))
    one, two = cache_folder("a" * 64), cache_folder("b" * 64)
    assert one != two
    assert one.parent == two.parent == tmp_path / "named"
    assert one.is_dir()


def test_a_folder_that_cannot_be_written_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("TREGUA_CACHE", str(blocked))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    assert cache_folder("c" * 64).parent == tmp_path / "home" / "tregua"


SCRIPT = """
import json, sys
from datetime import date
from tregua.model.compiled import cache_folder, engine, kernel_digest
from tregua.model.declare import DEFAULTS
from tregua.model.levers import Timeline
from tregua.model.simulate import Simulator, simulate_history
from tregua.model.world import Area, Gang, World
world = World((Area("x", "X", 50000.0, 0.5),), (Gang("g", "G", 1.0, "ms13"),), date(2009, 1, 1), members_active=900.0)
kernel = engine(mean_field=True, compiled=sys.argv[1] == "compiled")
run = simulate_history(
    Simulator(world, kernel=kernel), DEFAULTS, Timeline({"arrests": ((0, 1.0),)}), until=70, cuts=[0, 70]
)
print(json.dumps([float(run.flow("homicides")[0]), kernel.digest, str(cache_folder(kernel_digest()))]))
"""
EDITS = {
    "mechanisms/contest.py": ("th.coercion_rate * active", "3.0 * th.coercion_rate * active"),
    "relaxation.py": ("1.0 - math.exp(-speed * years)", "1.0 - math.exp(-2.0 * speed * years)"),
    "kernel.py": ("DAYS_PER_YEAR = 365.25", "DAYS_PER_YEAR = 360.0"),
    "draws.py": ("return n * (1.0 - math.exp(-hazard))", "return n * 0.9 * (1.0 - math.exp(-hazard))"),
}
# Not compiled, and yet part of every result.
EDITS_AROUND = {
    "setup.py": ("np.floor(world.calmado_share * members)", "np.floor(0.5 * world.calmado_share * members)"),
    "levers.py": ("values[covered] = level", "values[covered] = 0.9 * level"),
}


def copied_package(folder: Path) -> Path:
    """A copy of the package without its case files."""
    source = Path(tregua.__file__).parent
    shutil.copytree(source, folder / "tregua", ignore=shutil.ignore_patterns("__pycache__", "cases"))
    return folder / "tregua" / "model"


def tell(folder: Path, how: str) -> tuple[float, str, str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "TREGUA_CACHE": str(folder / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    out = subprocess.run(
        [sys.executable, "-c", SCRIPT, how], env=environment, capture_output=True, text=True, check=True, cwd=folder
    )
    killed, digest, cache = json.loads(out.stdout)
    return float(killed), str(digest), str(cache)


def test_editing_an_equation_changes_the_result_the_digest_and_the_cache_folder(tmp_path: Path) -> None:
    room = copied_package(tmp_path)
    told = [tell(tmp_path, "plain")]
    assert told[0][1] == model_digest()
    for name, (old, new) in {**EDITS, **EDITS_AROUND}.items():
        path = room / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, name
        path.write_text(text.replace(old, new), encoding="utf-8")
        told.append(tell(tmp_path, "plain"))
        path.write_text(text, encoding="utf-8")
    told.append(tell(tmp_path, "plain"))
    assert told[-1] == told[0]
    results, digests, folders = ({one[column] for one in told} for column in range(3))
    assert len(results) == len(digests) == len(EDITS) + len(EDITS_AROUND) + 1
    assert len(folders) == len(EDITS) + 1


LEAN = """
import sys
import tregua
started = {name for name in ("scipy", "pyarrow", "duckdb", "altair", "pandas") if name in sys.modules}
tregua.engine()
from tregua.case import load_case
load_case("el_salvador_2012")
loaded = {name for name in ("scipy.linalg", "pyarrow", "duckdb", "altair", "pandas") if name in sys.modules}
from numba.np import linalg
print(sorted(started | loaded), linalg.ensure_blas.__module__, linalg.ensure_blas.__name__)
"""


def test_binding_the_kernel_and_reading_a_case_load_nothing_heavy_and_leave_numba_as_it_was() -> None:
    out = subprocess.run([sys.executable, "-c", LEAN], capture_output=True, text=True, check=True)
    assert out.stdout.split("\n")[0] == "[] numba.np.linalg ensure_blas"


@pytest.mark.slow
def test_compiled_code_is_not_stale_after_an_edit(tmp_path: Path) -> None:
    room = copied_package(tmp_path)
    name = "mechanisms/contest.py"
    old, new = EDITS[name]
    before = tell(tmp_path, "compiled")
    again = tell(tmp_path, "compiled")
    path = room / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    after = tell(tmp_path, "compiled")
    assert before == again
    assert before[0] != after[0]
    assert after[0] == tell(tmp_path, "plain")[0]
    folders = sorted(p.name for p in (tmp_path / "cache").iterdir() if any(p.rglob("*.nbc")))
    assert len(folders) == 2


def test_every_mechanism_is_in_the_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    import inspect

    digest = model_digest()
    original = inspect.getsource
    for mechanism in MECHANISMS:
        monkeypatch.setattr(inspect, "getsource", lambda x, m=mechanism.module: original(x) + ("#" if x is m else ""))
        assert model_digest() != digest, mechanism.id
