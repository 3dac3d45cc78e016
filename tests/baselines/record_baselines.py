"""Record the golden figures of the bundled cases and of the estimators: run it (`make baselines`) after results were
moved on purpose.

It refuses where figures moved and CHANGELOG.md has no new **Numbers change** line under [Unreleased], which says what
moved, by how much and why. The line is kept beside the figures, so that it cannot stand for a second change.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import re
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
EFFECT = ROOT / "tests" / "effect"
if str(EFFECT) not in sys.path:
    sys.path.append(str(EFFECT))
FILE = ROOT / "tests" / "baselines" / "bundled_cases.json"
CHANGELOG = ROOT / "CHANGELOG.md"
LUCK, SEED, WEEKS, HORIZON = 24, 20120308, 260, 5
ARMS = 3
OUTCOMES = ("homicides", "homicides_recorded", "truce_years", "arrests_wrongful", "deaths_by_state", "members_active")
VERSIONS = ("numpy", "numba", "llvmlite")


def fingerprint() -> dict[str, str]:
    """What the last digits may depend on besides the model: processor features, C library, versions."""
    features = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        text = cpuinfo.read_text(encoding="utf-8", errors="replace")
        found = re.search(r"^(?:flags|Features)\s*:(.*)$", text, re.M)
        features = " ".join(sorted(found.group(1).split())) if found else ""
    return {
        "machine": platform.machine(),
        "features": hashlib.sha256(features.encode()).hexdigest()[:16],
        "libc": " ".join(platform.libc_ver()),
        "python": ".".join(platform.python_version_tuple()[:2]),
        **{name: version(name) for name in VERSIONS},
    }


def figures(case_id: str) -> dict[str, Any]:
    """Digests and means of one bundled case at its default parameters, with chance; a fit has tests of its own."""
    from tregua.case import load_case
    from tregua.explore.experiment import Experiment
    from tregua.explore.outside import READ, Paired
    from tregua.model.declare import DEFAULTS
    from tregua.model.policies import REFERENCE_ARM
    from tregua.model.simulate import Simulator, simulate_history

    case = load_case(case_id)
    until = 7.0 * WEEKS
    values = {**DEFAULTS, **case.parameter_overrides}
    run = simulate_history(
        Simulator(case.world), values, case.history, until=until, cuts=(0.0, until), area_cuts=(0.0, until)
    )
    total = hashlib.sha256()
    for array in (*run.record, *run.end.state):
        total.update(array.tobytes())
    out: dict[str, Any] = {"history": total.hexdigest(), "decisions": {}}
    for decision in case.decisions.values():
        others = [arm for arm in decision.arms if arm != REFERENCE_ARM][: ARMS - 1]
        horizon = HORIZON if HORIZON in decision.horizons else decision.horizons[-1]
        digest = hashlib.sha256()
        means: dict[str, list[float]] = {}
        for arm in others:
            paired = Paired(Experiment(case, seed=SEED), decision.id, arm, horizon=horizon)
            found = np.stack([paired.run({}, luck) for luck in range(LUCK)])
            digest.update(found.tobytes())
            for side, name in enumerate((arm, REFERENCE_ARM)):
                for outcome in OUTCOMES:
                    value = found[:, side, READ.index(outcome)]
                    means[f"{name}: {outcome}"] = [float(value.mean()), float(value.std(ddof=1)), LUCK]
        out["decisions"][decision.id] = {"digest": digest.hexdigest(), "horizon": horizon, "means": means}
    return out


def recorded() -> dict[str, Any]:
    """Figures of every bundled case on this machine."""
    from tregua.case import bundled_cases

    return {case: figures(case) for case in bundled_cases()}


def numbers_change(text: str) -> str:
    """The **Numbers change** line under [Unreleased]; empty where there is none."""
    unreleased = re.search(r"^## \[Unreleased\]\s*$(.*?)(?=^## \[|\Z)", text, re.M | re.S)
    if unreleased is None:
        return ""
    line = re.search(
        r"^(?:- )?\*\*Numbers change\*\*:\s*(\S.*?)(?=\n\s*\n|\n- |\n#|\Z)", unreleased.group(1), re.M | re.S
    )
    return " ".join(line.group(1).split()) if line else ""


def moved(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Cases whose figures are not those recorded; a new case has not moved."""
    return [case for case in old if case not in new or old[case] != new[case]]


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Means that are further apart than chance explains: more than five standard errors of a difference."""
    out = []
    for case, before in old.items():
        for decision, row in before["decisions"].items():
            after = new.get(case, {}).get("decisions", {}).get(decision)
            if after is None or after["means"].keys() != row["means"].keys():
                out.append(f"{case} {decision}: other responses or outcomes")
                continue
            for name, (mean, sd, n) in row["means"].items():
                error = 5.0 * max(sd, after["means"][name][1]) * (2.0 / n) ** 0.5
                if abs(after["means"][name][0] - mean) > error + 1e-9 * abs(mean):
                    out.append(f"{case} {decision} {name}: {mean:.6g} -> {after['means'][name][0]:.6g}")
    return out


def refusal(kept: dict[str, Any], new: dict[str, Any], changelog: str) -> str:
    """Why these figures may not be recorded; empty where they may."""
    if not kept.get("cases"):
        return ""
    gone = moved(kept["cases"], new)
    if not gone or (kept["fingerprint"] != fingerprint() and not differences(kept["cases"], new)):
        return ""
    return unsaid(gone, kept, changelog)


def unsaid(gone: list[str], kept: dict[str, Any], changelog: str) -> str:
    """What is wanting in CHANGELOG.md where figures moved; empty where nothing is."""
    line = numbers_change(changelog)
    if not line:
        return f"figures of {', '.join(gone)} moved, and CHANGELOG.md has no **Numbers change** line under [Unreleased]"
    if line == kept.get("numbers_change"):
        return "the **Numbers change** line already stood for an earlier change; say what moved this time"
    return ""


def load() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text(encoding="utf-8"))) if FILE.exists() else {}


def effect_kept() -> dict[str, Any]:
    """The record of the estimators."""
    import effect_figures

    return effect_figures.kept()


def effect_far(kept: dict[str, Any], new: dict[str, Any]) -> dict[str, list[str]]:
    """Where figures of the estimators moved, by part; a new part has not."""
    import effect_figures

    same = kept.get("fingerprint") == effect_figures.fingerprint()
    out = {}
    for name, before in kept.get("parts", {}).items():
        far = effect_figures.far(name, before, new[name], same_machine=same) if name in new else [f"{name}: gone"]
        if far := [line for line in far if not line.endswith(effect_figures.NEW)]:
            out[name] = far
    return out


def effect_refusal(kept: dict[str, Any], new: dict[str, Any], changelog: str) -> str:
    """Why these figures of the estimators may not be recorded; empty where they may."""
    gone = effect_far(kept, new)
    return unsaid([f"the estimators ({', '.join(gone)})"], kept, changelog) if gone else ""


def record_effect(changelog: str) -> None:
    """Make the figures of the estimators and write them."""
    import effect_figures

    kept = effect_kept()
    new = json.loads(json.dumps({name: part.work() for name, part in effect_figures.PARTS.items()}))
    why, far = effect_refusal(kept, new, changelog), effect_far(kept, new)
    if why:
        for line in [line for lines in far.values() for line in lines][:20]:
            print(line)
        sys.exit(f"Not recorded: {why}.")
    line = numbers_change(changelog)
    tree = {
        "written by": "tests/baselines/record_baselines.py",
        "numbers_change": line if far else kept.get("numbers_change", line),
        "fingerprint": effect_figures.fingerprint(),
        "parts": new,
    }
    effect_figures.FILE.write_text(
        json.dumps(tree, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(f"{len(new)} parts of the estimators recorded in {effect_figures.FILE.relative_to(ROOT)}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", choices=["cases", "effect"], help="one of the two records")
    asked = options.parse_args()
    changelog = CHANGELOG.read_text(encoding="utf-8")
    if asked.only != "effect":
        record_cases(changelog)
    if asked.only != "cases":
        record_effect(changelog)


def record_cases(changelog: str) -> None:
    """Make the figures of the bundled cases and write them."""
    kept, new = load(), recorded()
    why = refusal(kept, new, changelog)
    if why:
        for line in differences(kept["cases"], new)[:20]:
            print(line)
        sys.exit(f"Not recorded: {why}.")
    changed = bool(kept.get("cases")) and bool(moved(kept["cases"], new))
    tree = {
        "written by": "tests/baselines/record_baselines.py",
        "numbers_change": numbers_change(changelog)
        if changed
        else kept.get("numbers_change", numbers_change(changelog)),
        "fingerprint": fingerprint(),
        "cases": new,
    }
    FILE.write_text(json.dumps(tree, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{len(new)} cases recorded in {FILE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
