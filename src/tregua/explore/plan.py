"""A plan: a whole experiment in a small TOML file, with policies, readings, priors and weights of the user's own.

::

    decision = "2012"
    draws = 50
    readings = ["default", "law_no_shield", "doubtful_law"]
    arms = ["open_truce", "mass_detention", "open_truce_watched"]

    [prior]
    rent_share = "Beta(2,8)"

    [[arm]]
    id = "open_truce_watched"
    like = "open_truce"
    sets = { conditional = 0.5 }

    [[reading]]
    id = "doubtful_law"
    sets = { legal_shield = 0.3 }

    [weights]
    homicides = 1.0
    detention_wrongful_years = 0.05

    [belief]
    default = 0.5
    law_no_shield = 0.25
    doubtful_law = 0.25

    [threshold]
    homicides = -2000

There is no field for a name or a description: a response is called by its id.
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tregua.errors import ModelError, Problem, ProblemList, UsageError
from tregua.explore.experiment import Experiment
from tregua.explore.uncertainty import DEFAULT_SEED
from tregua.model.levers import LEVER_IDS, check_lever
from tregua.model.parameter import Prior
from tregua.model.policies import Arm
from tregua.model.readings import Reading

if TYPE_CHECKING:
    from tregua.case.load import Case

CODE = "E66"
MAX_BYTES = 1_000_000
"""A plan larger than this is not read."""

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_COUNTS = {"draws": 1, "luck": 1, "seed": 0, "horizon": 1}
_KEYS = (
    "case", "decision", "horizon", "draws", "luck", "seed", "step", "readings", "arms", "set", "prior", "arm",
    "reading", "weights", "belief", "threshold",
)  # fmt: skip
_WORDS = {
    "policy": "arm", "policies": "arm", "response": "arm", "responses": "arms", "priors": "prior",
    "parameters": "set", "beliefs": "belief", "thresholds": "threshold",
}  # fmt: skip
"""What other tools call it."""


@dataclass(frozen=True)
class Change:
    """A response or a reading of the user's own, as written.

    Attributes
    ----------
    id : str
    like : str
        One of the case to begin from; empty for the reference response, or for no reading.
    sets : mapping
        Lever or parameter -> value.
    scales : mapping
        Parameter -> factor (readings only).
    """

    id: str
    like: str = ""
    sets: Mapping[str, float] = field(default_factory=dict)
    scales: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """An experiment as written in a file; what it leaves out is None or empty.

    Attributes
    ----------
    file : str
    case, decision : str or None
    horizon, draws, luck, seed : int or None
    step : float or None
    readings, arms : tuple of str
    set : mapping
        Parameter -> value held in every draw.
    prior : mapping
        Parameter -> prior.
    own_arms, own_readings : tuple of Change
    weights, belief, threshold : mapping
        Outcome weights, reading weights, and differences from the reference that are accepted.
    """

    file: str
    case: str | None = None
    decision: str | None = None
    horizon: int | None = None
    draws: int | None = None
    luck: int | None = None
    seed: int | None = None
    step: float | None = None
    readings: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    set: Mapping[str, float] = field(default_factory=dict)
    prior: Mapping[str, str] = field(default_factory=dict)
    own_arms: tuple[Change, ...] = ()
    own_readings: tuple[Change, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    belief: Mapping[str, float] = field(default_factory=dict)
    threshold: Mapping[str, float] = field(default_factory=dict)

    def experiment(self, case: Case, **given: Any) -> Experiment:
        """The experiment of this plan.

        Parameters
        ----------
        case : Case
        **given : object
            Fields of `Experiment` that are to hold in place of the plan's.

        Raises
        ------
        UsageError
            E66: a response, reading, lever or parameter that cannot be used, every one of them told.
        """
        decision = self.decision or next(iter(case.decisions), "")
        problems = ProblemList()
        arms = [self._arm(change, case, decision, problems) for change in self.own_arms]
        readings = [self._reading(change, case, problems) for change in self.own_readings]
        problems.raise_errors(UsageError, f"the plan {self.file} cannot be used")
        fields: dict[str, Any] = {
            "draws": self.draws or 100, "luck": self.luck or 1,
            "seed": DEFAULT_SEED if self.seed is None else self.seed, "step": self.step or 7.0,
            "readings": self.readings, "arms": self.arms, "overrides": dict(self.set), "priors": dict(self.prior),
            **given,
        }  # fmt: skip
        return Experiment(
            case,
            own_arms=tuple(arm for arm in arms if arm is not None),
            own_readings=tuple(reading for reading in readings if reading is not None),
            **fields,
        )

    def _arm(self, change: Change, case: Case, decision: str, problems: ProblemList) -> Arm | None:
        point = case.decisions.get(decision)
        known = [] if point is None else [a for a in point.arms if not point.arms[a].record]
        if change.like and change.like not in known:
            problems.add(self._problem("no such response to begin from", "like", change, change.like, known))
            return None
        begin = dict(point.arms[change.like].sets) if point is not None and change.like else {}
        for name, value in change.sets.items():
            try:
                check_lever(name, value)
            except ModelError as error:
                told = error.problems[0]
                problems.add(
                    Problem(
                        CODE,
                        told.message,
                        self.file,
                        None,
                        f"arm {change.id}, {name}",
                        told.found,
                        told.allowed,
                        told.mend,
                    )
                )
        words = change.id.replace("_", " ")
        label = words[:1].upper() + words[1:]
        return Arm(change.id, label, label, sets={**begin, **change.sets})

    def _reading(self, change: Change, case: Case, problems: ProblemList) -> Reading | None:
        from tregua.model.declare import PARAMETERS

        if change.like and change.like not in case.readings:
            problems.add(
                self._problem("no such reading to begin from", "like", change, change.like, list(case.readings))
            )
            return None
        base = case.readings[change.like] if change.like else None
        for name in (*change.sets, *change.scales):
            parameter = PARAMETERS.get(name)
            if parameter is None:
                problems.add(self._problem("no such parameter", name, change, name, list(PARAMETERS)))
            elif parameter.role == "fitted":
                problems.add(
                    Problem(
                        CODE, "a reading of your own cannot move a fitted parameter: that needs another fit",
                        self.file, None, f"reading {change.id}, {name}", name, "a parameter that is varied or fixed",
                        "leave it out, or hold it in every draw with [set]",
                    )
                )  # fmt: skip
            elif name in change.sets:
                try:
                    parameter.check(change.sets[name])
                except ModelError as error:
                    told = error.problems[0]
                    problems.add(
                        Problem(
                            CODE,
                            told.message,
                            self.file,
                            None,
                            f"reading {change.id}, {name}",
                            told.found,
                            told.allowed,
                            told.mend,
                        )
                    )
        words = change.id.replace("_", " ")
        return Reading(
            change.id,
            words,
            words,
            sets={**(base.sets if base else {}), **change.sets},
            scales={**(base.scales if base else {}), **change.scales},
            paths=base.paths if base else {},
            refit=base.refit if base else False,
            fitted=base.fitted if base else None,
        )

    def _problem(self, message: str, key: str, change: Change, found: str, known: list[str]) -> Problem:
        return Problem(
            CODE, message, self.file, None, f"{change.id}, {key}", found, ", ".join(known), _closest(found, known)
        )


def load_plan(path: Path | str) -> Plan:
    """Read a plan.

    Raises
    ------
    UsageError
        E66: no such file, not TOML, an unknown key, a value of the wrong kind; every problem is told at once.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _bad(path, "the plan is too large", f"over {MAX_BYTES} bytes", "a small TOML file", "cut it down")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise _bad(
            path, "the plan cannot be read", error.strerror or "nothing", "a TOML file", "check the path"
        ) from error
    except UnicodeDecodeError as error:
        raise _bad(path, "the plan is not text", "bytes that are not UTF-8", "UTF-8", "save it as UTF-8") from error
    try:
        body = tomllib.loads(text)
        if not body:
            raise _bad(path, "the plan says nothing", "no key", ", ".join(_KEYS), "write one, or leave --plan out")
        return parse_plan(body, path.name)
    except RecursionError as error:
        raise _bad(
            path, "the plan is nested too deeply", "too many brackets", "TOML 1.0", "take the nesting out"
        ) from error
    except ValueError as error:
        raise _bad(path, "the plan is not TOML", str(error), "TOML 1.0", "correct the line named") from error


def parse_plan(body: Mapping[str, Any], file: str = "plan") -> Plan:
    """A plan from a parsed file; see `load_plan`."""
    problems = ProblemList()

    def wrong(
        key: str, found: object, allowed: str, mend: str = "correct it", told: str = "this cannot be used"
    ) -> None:
        problems.add(Problem(CODE, told, file, None, key, str(found)[:80], allowed, mend))

    for key in body:
        if key not in _KEYS:
            mend = f"did you mean {_WORDS[key]}?" if key in _WORDS else _closest(key, _KEYS)
            wrong(key, key, ", ".join(_KEYS), mend, "no such key in a plan")
    out: dict[str, Any] = {}
    for key in ("case", "decision"):
        if key in body:
            if isinstance(body[key], str):
                out[key] = body[key]
            else:
                wrong(key, body[key], "text in quotes")
    for key, least in _COUNTS.items():
        if key in body:
            if isinstance(body[key], int) and not isinstance(body[key], bool) and body[key] >= least:
                out[key] = body[key]
            else:
                wrong(key, body[key], f"a whole number, {least} or more")
    if "step" in body:
        if _number(body["step"]) and 0.1 <= body["step"] <= 31:
            out["step"] = float(body["step"])
        else:
            wrong("step", body["step"], "days, 0.1 to 31")
    for key in ("readings", "arms"):
        if key in body:
            given = body[key]
            if isinstance(given, list) and given and all(isinstance(item, str) for item in given):
                out[key] = tuple(dict.fromkeys(given))
            else:
                wrong(key, given, "a list of ids, not empty")
    for key in ("set", "weights", "belief", "threshold"):
        if key in body:
            out[key] = _numbers(body[key], key, wrong)
    if "prior" in body:
        out["prior"] = _priors(body["prior"], wrong)
    seen: set[str] = set()
    out["own_arms"] = tuple(_changes(body.get("arm", []), "arm", seen, wrong))
    out["own_readings"] = tuple(_changes(body.get("reading", []), "reading", seen, wrong))
    problems.raise_errors(UsageError, f"the plan {file} cannot be used")
    return Plan(file, **out)


def _changes(rows: Any, kind: str, seen: set[str], wrong: Any) -> list[Change]:
    if not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
        wrong(kind, type(rows).__name__, f"tables [[{kind}]]")
        return []
    out = []
    for number, row in enumerate(rows, 1):
        place = f"{kind} {number}"
        for key in row:
            if key not in ("id", "like", "sets"):
                wrong(f"{place}, {key}", key, "id, like, sets", "leave it out; a response is called by its id")
        name = row.get("id")
        if not (isinstance(name, str) and _ID.fullmatch(name)):
            wrong(f"{place}, id", name, "small letters, digits and _, at most 40")
            continue
        if name in seen:
            wrong(f"{place}, id", name, "each id once")
            continue
        seen.add(name)
        like = row.get("like", "")
        if not isinstance(like, str):
            wrong(f"{place}, like", like, "an id of the case")
            continue
        scales: dict[str, float] = {}
        plain = dict(row.get("sets", {})) if isinstance(row.get("sets", {}), dict) else row["sets"]
        if kind == "reading" and isinstance(plain, dict):
            for parameter, value in list(plain.items()):
                if isinstance(value, str) and re.fullmatch(r"x\d*\.?\d+", value):
                    scales[parameter] = float(plain.pop(parameter)[1:])
        sets = _numbers(plain, f"{place}, sets", wrong)
        if not (sets or scales):
            allowed = ", ".join(LEVER_IDS) if kind == "arm" else "parameters with values"
            wrong(f"{place}, sets", "nothing", allowed, "set at least one")
        out.append(Change(name, like, sets, scales))
    return out


def _numbers(given: Any, key: str, wrong: Any) -> dict[str, float]:
    if not isinstance(given, dict):
        wrong(key, given, "a table of numbers")
        return {}
    out = {}
    for name, value in given.items():
        if _number(value):
            out[name] = float(value)
        else:
            wrong(f"{key}, {name}", value, "a finite number")
    return out


def _priors(given: Any, wrong: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        wrong("prior", given, "a table of priors")
        return {}
    out = {}
    for name, text in given.items():
        try:
            if not isinstance(text, str):
                raise ValueError
            Prior(text)
            out[name] = text
        except (ModelError, ValueError):
            wrong(f"prior, {name}", text, "LogN, LgtN, N, HalfN, Beta, U, Gamma or x/U", "write it like Beta(2,8)")
    return out


def _number(value: object) -> bool:
    """True for a number that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _closest(found: str, known: Any) -> str:
    near = difflib.get_close_matches(found, list(known), 1)
    return f"did you mean {near[0]}?" if near else "use one of those listed"


def _bad(path: Path, message: str, found: str, allowed: str, mend: str) -> UsageError:
    return UsageError(message, problems=(Problem(CODE, message, path.name, None, "--plan", found, allowed, mend),))
