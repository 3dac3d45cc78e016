"""Planted errors: which of them do the tests see? ``make mutate``, or

    python tests/house/mutate.py [--sample 120] [--seed 20120308] [--only model effect] [--again] [--whole] [--write]

An error is one change of one expression (a comparison, an operator, a number, a condition, a bound), put into a copy
of the package and tried in a process forked from this one, with the kernel in plain Python (compilation off), so that
no compiled code of the sound model can be found in a cache. It is first held against golden digits: of short histories
in which every mechanism acts for the model, as the golden figures of the bundled cases are; of the parts of
tests/effect/effect_figures.py for the estimators. What moves none of them is given to the quick tests of the room.
With ``--whole``, what these let pass is given to every test of the room that is neither slow nor of a browser, with
compilation on and a cache of its own, as ``make test`` would. Tests that the sound package fails when its comments and
line numbers are lost, as those of an error are, do not count.

What was found of each error is kept in build/reliability/mutation.json under what the error makes of its function, so
that a run which was stopped goes on where it ended, and only errors of changed functions are tried again; ``--again``
gives survivors to the quick tests once more. Which errors are drawn hangs on each error alone: a change elsewhere moves
none.

Left out: declarations (`PARAMETERS`, `OUTCOMES`), which are data, and how long a study took.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import hashlib
import io
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
COPY = ROOT / "build" / "mutants"
LIMIT = 120
MEMORY = 8 << 30
QUICK = 0.6
"""Seconds of processor time beyond which a test is not run for every error."""
FILES = {
    "model": (
        "model_equations",
        "model_draws",
        "model_declared",
        "model_levers",
        "model_moves",
        "model_synthetic",
        "model_record",
        "model_limits",
        "model_luck",
        "model_symmetry",
        "model_reduction",
        "model_compiled",
        "model_oracle",
    ),
    "effect": (
        "design",
        "interrupted",
        "panel",
        "posterior",
        "read_counts",
        "structural",
        "synthetic_control",
        "changepoint",
        "checks",
        "certification",
        "study",
    ),
}
"""Files with tests that need neither sampling nor long histories, by room."""
WHOLE = {
    "model": ("tests/model", "tests/baselines/test_baselines.py"),
    "effect": ("tests/effect",),
}
WHOLE_LIMIT = 3600
"""Seconds of processor time; by the clock four times as many."""
LEFT_OUT = {"declare.py", "parameter.py", "outcomes.py", "odd.py", "synthetic.py", "certification.py", "oracle.py"}
COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
}  # fmt: skip
FIRST = {
    "read_counts": "reading",
    "inputs": "given",
    "design": "designs",
    "grid": "matrices",
    "panel": "panels",
    "laplace": "mixtures",
    "changepoint": "changes",
    "synthetic_control": "controls",
    "structural": "fits",
    "interrupted": "fits",
    "posterior": "densities",
    "study": "study",
    "summary": "study",
}
"""Golden part of the estimators that is most likely to see an error of a file."""
LIBRARIES = ("pandas", "scipy.linalg", "scipy.optimize", "pysyncon", "ruptures")
BOUNDS = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Planted:
    """One error: the file, the line, what it was and what it became, and a name for it."""

    room: str
    path: Path
    line: int
    told: str
    key: str

    @property
    def where(self) -> str:
        return f"{self.path.relative_to(ROOT / 'src' / 'tregua')}:{self.line}"


def planted(path: Path, room: str) -> Iterator[tuple[Planted, ast.Module]]:
    """Every error that can be planted in a file, with the tree that holds it until the next one is asked for."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function, node in list(_expressions(tree)):
        for before, after, undo in _changes(node):
            name = f"{path.relative_to(ROOT).as_posix()}\n{ast.unparse(ast.fix_missing_locations(function))}"
            key = hashlib.sha256(name.encode()).hexdigest()[:16]
            yield Planted(room, path, node.lineno, f"{before} -> {after}", key), tree
            undo()


def spoiled(error: Planted) -> str:
    """The whole file with the error in it."""
    return next(
        ast.unparse(ast.fix_missing_locations(tree))
        for other, tree in planted(error.path, error.room)
        if other.key == error.key
    )


def _expressions(tree: ast.Module) -> Iterator[tuple[ast.AST, Any]]:
    """Nodes inside functions, each with its function: not annotations, defaults, docstrings or declarations.

    Neither the seconds that a study took: nothing hangs on them, and no test may hold a clock to a figure.
    """
    seen: set[int] = set()
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for statement in function.body:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                continue
            skipped: set[int] = set()
            for node in ast.walk(statement):
                if isinstance(node, ast.FunctionDef | ast.Lambda | ast.Raise | ast.JoinedStr):
                    skipped.update(id(below) for below in ast.walk(node) if below is not node)
                if isinstance(node, ast.AnnAssign):
                    skipped.update(id(below) for below in ast.walk(node.annotation))
                if isinstance(node, ast.Subscript):
                    skipped.update(id(below) for below in ast.walk(node.slice))
                if isinstance(node, ast.keyword) and node.arg == "seconds":
                    skipped.update(id(below) for below in ast.walk(node))
                # a function within a function is walked on its own too
                if id(node) not in skipped | seen and hasattr(node, "lineno"):
                    seen.add(id(node))
                    yield function, node


def _changes(node: Any) -> Iterator[tuple[str, str, Callable[[], None]]]:
    """Make each change of a node in place; the caller reads the tree, then takes it back."""
    before = ast.unparse(node)[:70]

    def swap(name: str, new: Any) -> tuple[str, str, Callable[[], None]]:
        old = getattr(node, name)
        setattr(node, name, new)
        return before, ast.unparse(node)[:70], lambda: setattr(node, name, old)

    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARED:
        yield swap("ops", [COMPARED[type(node.ops[0])]()])
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OPERATED:
        if not isinstance(getattr(node, "left", None), ast.Constant) or not isinstance(node.left.value, str):
            yield swap("op", OPERATED[type(node.op)]())
    elif isinstance(node, ast.BoolOp):
        yield swap("op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield swap("value", node.value + 1 if isinstance(node.value, int) else 1.5 * node.value + (node.value == 0.0))
    elif isinstance(node, ast.If | ast.IfExp):
        yield swap("test", ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BOUNDS:
        yield swap("func", ast.Name(BOUNDS[node.func.id], ast.Load()))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield swap("op", ast.UAdd())


def everything(room: str) -> list[Planted]:
    """All errors of a room, in order."""
    out: list[Planted] = []
    for path in sorted((ROOT / "src" / "tregua" / room).rglob("*.py")):
        if path.name not in LEFT_OUT:
            out += [error for error, _ in planted(path, room)]
    return out


def drawn(errors: list[Planted], sample: int, seed: int) -> list[Planted]:
    """A sample in a random order that depends on the seed and on each error alone."""
    return sorted(errors, key=lambda error: hashlib.sha256(f"{seed} {error.key} {error.told}".encode()).digest())[
        :sample
    ]


# a process for each error


def forked(work: Callable[[], int], limit: float = LIMIT) -> tuple[int, float]:
    """Run in a child; its answer (0..99), or -1 where it took too long, and its seconds of processor time."""
    child = os.fork()
    if child == 0:
        code = 99
        with contextlib.suppress(BaseException):
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, 1)
            os.dup2(sink, 2)
            signal.setitimer(signal.ITIMER_VIRTUAL, limit)
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
            signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
            code = work()
        os._exit(code)
    _, status, usage = os.wait4(child, 0)
    spent = usage.ru_utime + usage.ru_stime
    return (os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1), spent


def plain_kernel() -> None:
    """From here on every engine is plain Python, whatever is asked for."""
    sys.path.insert(0, str(COPY / "src"))
    import tregua.model.compiled as compiled

    bound = compiled.engine

    def engine(replacements: Any = (), *, mean_field: bool = False, compiled: bool = True) -> Any:
        return bound(replacements, mean_field=mean_field, compiled=False)

    engine.cache_clear = bound.cache_clear  # type: ignore[attr-defined]
    compiled.engine = engine  # type: ignore[assignment]


def run_tests(room: str, chosen: list[str], watch: Any) -> int:
    """pytest over some tests in this process."""
    os.chdir(ROOT)
    plain_kernel()
    words = ["-x", "-q", "-m", "not slow and not browser", "-p", "no:cacheprovider", "--no-header", *chosen]
    if watch is not None:
        words.remove("-x")
    return int(pytest.main(words, plugins=[] if watch is None else [watch]))


class Watch:
    """Notes the tests that pass and how long each takes; one that needs a slow fixture is slow, whoever made it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seconds: dict[str, float] = {}
        self.begun = 0.0
        self.slow: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        begun = time.process_time()
        made = yield
        if time.process_time() - begun > QUICK:
            self.slow.add(fixturedef.argname)
        return made

    def pytest_runtest_setup(self, item: Any) -> None:
        self.begun = time.process_time()

    def pytest_runtest_teardown(self, item: Any) -> None:
        slow = self.slow & set(item.fixturenames)
        self.seconds[item.nodeid] = QUICK if slow else time.process_time() - self.begun

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "teardown" and self.seconds.get(report.nodeid, QUICK) < QUICK:
            with self.path.open("a", encoding="utf-8") as out:
                out.write(f"ok {report.nodeid}\n")
        if report.failed or report.skipped:
            with self.path.open("a", encoding="utf-8") as out:
                out.write(f"no {report.nodeid}\n")


def usable(room: str) -> list[str]:
    """Tests of a room that pass on the sound package with the plain kernel, and quickly."""
    folder = ROOT / "tests" / room
    good: list[str] = []
    for file in (folder / f"test_{name}.py" for name in FILES[room]):
        noted = COPY / "noted.txt"
        noted.unlink(missing_ok=True)
        name = str(file.relative_to(ROOT))
        forked(lambda name=name, noted=noted: run_tests(room, [name], Watch(noted)), limit=40.0)
        lines = noted.read_text(encoding="utf-8").splitlines() if noted.exists() else []
        bad = {line[3:] for line in lines if line.startswith("no ")}
        good += [line[3:] for line in lines if line.startswith("ok ") and line[3:] not in bad]
    return good


STAGES = (
    (True, 6, False),
    (True, 6, True),
    (False, 20, False),
    (True, 60, False),
    (False, 200, False),
    (True, 60, True),
)
"""Histories of the bundled case: every mechanism at work or as it happened, weeks, means for draws; the short first."""


def histories(sound: Path, *, record: bool) -> int:
    """Write the digests of short histories, or hold them against those written: 0 where no digit moved."""
    plain_kernel()
    from tregua.case import load_case
    from tregua.cli.doctor import digest, history
    from tregua.model.compiled import engine

    case, kept = load_case("el_salvador_2012"), [] if record else json.loads(sound.read_text(encoding="utf-8"))
    for number, (everything_on, weeks, mean) in enumerate(STAGES):
        made = digest(history(case, engine(mean_field=mean), weeks, everything=everything_on))
        if record:
            kept.append(made)
        elif made != kept[number]:
            return 1
    if record:
        sound.write_text(json.dumps(kept), encoding="utf-8")
    return 0


def estimated(parts: list[str], sound: Path, *, record: bool) -> int:
    """Write golden parts of the estimators, or hold them against those written: 0 where nothing moved."""
    plain_kernel()
    sys.path.insert(0, str(ROOT / "tests" / "effect"))
    import effect_figures

    for name in parts or effect_figures.PARTS:
        new = json.loads(json.dumps(effect_figures.PARTS[name].work()))
        if record:
            (sound / f"{name}.json").write_text(json.dumps(new), encoding="utf-8")
        elif any(effect_figures.differences(json.loads((sound / f"{name}.json").read_text(encoding="utf-8")), new)):
            return 1
    return 0


def sound_figures(room: str) -> str:
    """Where the golden digits of the sound package stand: a file, or a folder of parts. They must be the same twice."""
    place = COPY / ("histories.json" if room == "model" else "parts")
    if room != "model":
        place.mkdir()
    for record in (True, False):
        code, _ = forked(
            lambda record=record: (
                histories(place, record=record) if room == "model" else estimated([], place, record=record)
            )
        )
        if code != 0:
            sys.exit("the figures of the sound package cannot be made, or are not the same twice")
    return str(place)


def moves(error: Planted, sound: str) -> bool:
    """Whether golden digits move, or cannot be made."""
    if error.room == "model":
        return forked(lambda: histories(Path(sound), record=False))[0] != 0
    first = FIRST.get(error.path.stem, "checked" if error.path.parent.name == "checks" else "study")
    order = [first, *(file.stem for file in sorted(Path(sound).glob("*.json")) if file.stem != first)]
    # the dear ones last
    order.sort(key=lambda name: (name != first, name in ("densities", "study"), name))
    return forked(lambda: estimated(order, Path(sound), record=False))[0] != 0


@contextlib.contextmanager
def in_place(error: Planted) -> Iterator[None]:
    """The error in the copy of the package, for as long as it is judged."""
    place = COPY / "src" / error.path.relative_to(ROOT / "src")
    whole = place.read_text(encoding="utf-8")
    place.write_text(spoiled(error), encoding="utf-8")
    try:
        yield
    finally:
        place.write_text(whole, encoding="utf-8")


def judge(error: Planted, chosen: list[str], sound: str) -> str:
    """digits (golden digits move, or cannot be made), seen (by the quick tests) or survived."""
    with in_place(error):
        if moves(error, sound):
            return "digits"
        code, _ = forked(lambda: run_tests(error.room, chosen, None))
        return "seen" if code != 0 else "survived"


def suite(room: str, words: list[str]) -> tuple[int | None, str]:
    """Every test of a room on the copy, compiled, in an interpreter of its own: its exit code and what it printed.

    None as the code where it took longer than it may.
    """
    cache = COPY / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    around = {**os.environ, "PYTHONPATH": str(COPY / "src"), "TREGUA_CACHE": str(cache), "PYTHONDONTWRITEBYTECODE": "1"}
    order = [sys.executable, "-m", "pytest", "-q", "-m", "not slow and not browser", "--no-header"]
    try:
        done = subprocess.run(
            [*order, *words, *WHOLE[room]],
            cwd=ROOT,
            env=around,
            capture_output=True,
            text=True,
            timeout=4 * WHOLE_LIMIT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (WHOLE_LIMIT, WHOLE_LIMIT)),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, ""
    return done.returncode, done.stdout


def not_counted(room: str) -> list[str]:
    """Tests that fail on the sound package written as an error is written: they would see every error, or none."""
    kept = {path: path.read_text(encoding="utf-8") for path in sorted((COPY / "src" / "tregua" / room).rglob("*.py"))}
    try:
        for path, text in kept.items():
            path.write_text(ast.unparse(ast.parse(text)), encoding="utf-8")
        code, told = suite(room, ["-rfE"])
    finally:
        for path, text in kept.items():
            path.write_text(text, encoding="utf-8")
    if code not in (0, 1):
        sys.exit(f"the tests of {room} cannot be run on the sound package: {told[-2000:]}")
    return re.findall(r"^(?:FAILED|ERROR) (\S+::\S+)", told, re.M)


def seen_by_all(error: Planted, left_out: list[str]) -> bool:
    """Whether any test of the room that counts fails, or the tests do not come to an end."""
    with in_place(error):
        code, told = suite(error.room, ["-x", *(f"--deselect={name}" for name in left_out)])
    if code not in (None, 0, 1, 2) and code > 0:
        sys.exit(f"the tests of {error.room} cannot be run: {told[-2000:]}")
    return code != 0


def prepare(room: str) -> tuple[list[str], str]:
    """A copy of the package, the tests that will look on, and the golden digits."""
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(ROOT / "src" / "tregua", COPY / "src" / "tregua", ignore=shutil.ignore_patterns("__pycache__"))
    sys.dont_write_bytecode = True
    return usable(room), sound_figures(room)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sample", type=int, default=120, help="errors drawn in each room")
    options.add_argument("--seed", type=int, default=20120308)
    options.add_argument("--only", nargs="*", default=["model", "effect"], choices=["model", "effect"])
    options.add_argument(
        "--minutes", type=float, default=float("inf"), help="stop after so long; what was tried is kept"
    )
    options.add_argument(
        "--again", action="store_true", help="give survivors of earlier runs to the quick tests once more"
    )
    options.add_argument(
        "--whole", action="store_true", help="give what the quick tests let pass to every test of the room, compiled"
    )
    options.add_argument("--write", action="store_true")
    asked = options.parse_args()
    sys.path.insert(0, str(ROOT))
    from benchmarks.reliability import keep

    warm()
    for room in asked.only:
        errors = everything(room)
        picked = drawn(errors, asked.sample, asked.seed)
        chosen, sound = prepare(room)
        known: dict[str, dict[str, str]] = dict(keep("mutation", {}).get(room, {}).get("found", {}))
        print(f"{room}: {len(errors)} errors can be planted, {len(picked)} drawn, {len(chosen)} tests", flush=True)
        begun = time.monotonic()
        left_out = not_counted(room) if asked.whole else []
        for error in picked:
            if time.monotonic() - begun > 60.0 * asked.minutes:
                break
            row = known.get(error.key)
            if row is None or (asked.again and row["found"] == "survived"):
                row = {"where": error.where, "change": error.told, "found": judge(error, chosen, sound)}
            if asked.whole and row["found"] == "survived" and "whole" not in row:
                row = {**row, "found": "suite" if seen_by_all(error, left_out) else "survived", "whole": "asked"}
            if row is known.get(error.key):
                continue
            if row["found"] == "survived":
                print(f"  {row['found']:<8} {error.where}: {error.told}", flush=True)
            known[error.key] = row
            keep("mutation", {room: {"found": known}})
        rows = [{**known[e.key], "where": e.where} for e in picked if e.key in known]
        print(f"{room}: {tally(rows)}", flush=True)
        if asked.write:
            publish(room, len(errors), rows, asked.seed)


def warm() -> None:
    """Import what is heavy and not ours, once, before forking; not JAX, which does not survive it."""
    for name in ("numpy", "numba", "scipy.stats", "pytest", "pydantic", "pyarrow.parquet", *LIBRARIES):
        with contextlib.suppress(ImportError), contextlib.redirect_stdout(io.StringIO()):
            __import__(name)


def tally(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {kind: sum(row["found"] == kind for row in rows) for kind in ("digits", "seen", "suite", "survived")}


HEAD = [
    "| room | errors that can be planted | tried | seen by golden digits | by the quick tests "
    "| by all tests of the room | survived | share |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
]


def table(room: str, possible: int, rows: list[dict[str, Any]]) -> str:
    """The figures of a room in Markdown, and every survivor."""
    t, n = tally(rows), len(rows)
    share = f"{100 * t['survived'] / max(1, n):.0f} %"
    met = sum("whole" in row for row in rows)
    suite = f"{t['suite']} of {met} asked" if met else "not asked"
    out = [*HEAD, f"| {room} | {possible} | {n} | {t['digits']} | {t['seen']} | {suite} | {t['survived']} | {share} |"]
    left = [row for row in rows if row["found"] == "survived"]
    if left:
        out += ["", "Survivors:", "", *(f"- `{row['where']}`: `{' '.join(row['change'].split())}`" for row in left)]
    return "\n".join(out)


def tried(room: str, page: str) -> int:
    """Errors tried in the table of a room that stands on the page."""
    found = re.search(rf"^\| {room} \| \d+ \| (\d+) \|", page, re.M)
    return int(found.group(1)) if found else 0


def publish(room: str, possible: int, rows: list[dict[str, Any]], seed: int) -> None:
    """Put the table of a room on the page; a run of fewer errors never over one of more."""
    from benchmarks.reliability import PAGE, write

    stood = tried(room, PAGE.read_text(encoding="utf-8"))
    if len(rows) < stood:
        print(f"{room}: not written, as the table on the page is of {stood} errors")
        return
    whole = " --whole" if any("whole" in row for row in rows) else ""
    write(f"mutation of {room}", table(room, possible, rows), f"make mutate ARGS='--only {room}{whole} --write'", seed)


if __name__ == "__main__":
    main()
