"""Section 9: pattern by pattern, what the model gets right, gets wrong and cannot know."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from tregua.calibrate.external import standing
from tregua.calibrate.gate import LEVELS
from tregua.report.calibration import BASELINES, LEFT, CalibrationText, RanksTold
from tregua.report.cards import pattern_card, pattern_numbers
from tregua.report.cell import band_cell
from tregua.report.inputs import Pattern
from tregua.report.num import Card
from tregua.report.section import Context, Need, Section, slug

ORDER = ("fails", "marginal", "passes", "no_test", "not_scored", "not_run")


def common_note(notes: list[str]) -> str:
    """The sentence with which several notes begin, told once above the table instead of in every row."""
    openings = Counter(note.split(". ")[0].rstrip(".") for note in notes if note)
    text, often = openings.most_common(1)[0] if openings else ("", 0)
    return text if often > 1 else ""


def without(note: str, common: str) -> str:
    """What a note adds to the common sentence."""
    return note.removeprefix(common).lstrip(". ") if common else note


def line(c: Context, pattern: Pattern, common: str = "") -> dict[str, object]:
    """One row of the table."""
    told = pattern_numbers(c, pattern)
    card = slug(f"p-{pattern.id}")

    def build() -> Card:
        return pattern_card(c, pattern)

    value, target = told["value"], told["target"]
    if pattern.target is not None:
        target = c.book.num(card, target, build, css="observed")
    if pattern.q50 is not None:
        value = c.book.num(card, value, build, css="sim")
    return {
        "pattern": pattern,
        "told": told,
        "note": without(pattern.note.of(c.lang), common),
        "before": c.fmt.of_hundred(pattern.before) if pattern.verdict == "no_test" and pattern.before else "",
        "value": value,
        "target": target,
        "svg": band_cell(pattern.target, pattern.lo, pattern.hi, pattern.q05, pattern.q50, pattern.q95),
    }


def block(c: Context, window: str) -> dict[str, object] | None:
    """Patterns of one window, failures first."""
    rows = [pattern for pattern in c.inputs.patterns if pattern.window == window]
    if not rows:
        return None
    rows.sort(key=lambda pattern: ORDER.index(pattern.verdict))
    counts = {verdict: sum(1 for row in rows if row.verdict == verdict) for verdict in ORDER}
    common = common_note([row.note.of(c.lang) for row in rows])
    lines = [line(c, row, common) for row in rows]
    return {"window": window, "lines": lines, "counts": counts, "common": common}


def share(c: Context, value: float) -> str:
    """A share with one decimal, as a gate is judged on it."""
    return f"{c.fmt.number(100 * value, 0.1)}\u00a0%"


def spaced(text: str) -> str:
    """A stored sentence with the space before % that every text of the page has."""
    return re.sub(r"(?<=\d)%", "\u00a0%", text)


def digits(value: float) -> float:
    """Unit of the second significant digit."""
    return 10.0 ** min(0, math.floor(math.log10(abs(value))) - 1) if value else 1.0


def spread(c: Context, three: tuple[float, float, float]) -> str:
    """Median, and 5 and 95 %."""
    middle, low, high = (c.fmt.number(x, digits(x), table=True) for x in (three[1], three[0], three[2]))
    return c.words.text("cal.range", a=middle, b=low, c=high)


def forecast_name(c: Context, name: str) -> str:
    """A reading by its own words, a baseline by those of the page."""
    if name in BASELINES:
        return c.words.text(f"cal.name.{name}")
    return c.words.opening(c.reading_label(name)) if name in c.readings else name


def gates(c: Context, cal: CalibrationText) -> list[dict[str, object]]:
    """One row for each reading that was fitted."""
    apart = cal.validation["readings"] if cal.validation else {}
    out: list[dict[str, object]] = []
    for gate in cal.gates:
        row = apart.get(gate.reading)
        told = ""
        if row is not None and gate.reading != cal.main:
            told = c.words.text("cal.told.apart" if row["apart"] else "cal.told.same")
        left = ""
        if gate.left_out:
            inside = {"n": gate.left_out[0], "total": gate.left_out[3], "level": c.fmt.percent(LEVELS[1])}
            left = c.words.text("cal.left_out", **inside)
        seen = [] if gate.shift is None else [c.words.text("cal.seen", shift=c.fmt.number(gate.shift, 0.01))]
        if gate.missed is not None:
            seen.append(c.words.text("cal.seen.cover", points=c.fmt.number(100 * gate.missed, 0.1)))
        out.append(
            {
                "gate": gate,
                "label": c.words.opening(gate.label[1 if c.lang == "es" else 0]),
                "reasons": [spaced(reason[1 if c.lang == "es" else 0]) for reason in gate.reasons],
                "cover": " · ".join(
                    c.words.text("cal.cover", found=share(c, x), level=c.fmt.percent(level))
                    for x, level in zip(gate.coverage, LEVELS, strict=False)
                ),
                "seen": "; ".join(seen),
                "left_out": left,
                "told": told,
            }
        )
    return out


def before_text(c: Context, told: Mapping[str, Any] | None) -> str:
    """What priors alone expected of the figures; empty where nobody looked."""
    if not told:
        return ""
    far = c.words.listing(list(told["out_of_reach"]))
    return " ".join(
        (
            c.words.text("cal.before.counts", n=told["counts"], half=told["inside50"], most=told["inside90"]),
            c.words.text("cal.before.out", names=far) if far else c.words.text("cal.before.none_out"),
        )
    )


def hindcast_text(c: Context, told: Mapping[str, Any] | None) -> dict[str, object] | None:
    """Scores of years that were never fitted, in order of score, with what may be said of them."""
    if not told or not told.get("hindcast"):
        return None
    found = told["hindcast"]
    number = c.fmt.number
    laid = found.get("laid_over", ())
    apart_from = {row.reading for row in c.inputs.contrasts} - set(found["scores"])
    unheld = [forecast_name(c, one.id) for one in c.inputs.readings if one.id in apart_from and one.refit != "needed"]
    rows = [
        {
            "name": forecast_name(c, name),
            "laid": name in laid,
            "crps": number(row["crps"]),
            "log": number(row["log"], 0.1),
            "inside50": c.words.text("cal.of", n=row["inside50"], total=row["n"]),
            "inside90": c.words.text("cal.of", n=row["inside90"], total=row["n"]),
        }
        for name, row in sorted(found["scores"].items(), key=lambda item: float(item[1]["crps"]))
    ]
    lines = []
    for row in found["skill"]:
        key = "cal.skill.better" if row["lo"] > 0 else "cal.skill.worse" if row["hi"] < 0 else "cal.skill.unknown"
        told_value = {n: number(100 * row[n], 1.0, signed=True) for n in ("value", "lo", "hi")}
        lines.append(c.words.html(key, two=forecast_name(c, row["two"]), **told_value))
    apart = []
    for name, row in told["readings"].items():
        if name == found["main"]:
            continue
        key = "cal.apart.yes" if row["apart"] else "cal.apart.no"
        values = {"d": number(row["less_first"], 0.1, signed=True), "e": number(row["less_first_error"], 0.1)}
        apart.append(c.words.html(key, reading=forecast_name(c, name), **values))
    before = {row["id"]: row["verdict"] for row in told["patterns"]["before"]}
    # The table above judges the same patterns on the runs of this page: where it does, its verdict is the one told.
    shown = {pattern.id: pattern.verdict for pattern in c.inputs.patterns}
    after = {row["id"]: shown.get(row["id"], row["verdict"]) for row in told["patterns"]["after"]}
    gained = [name for name, verdict in after.items() if verdict == "passes" and before.get(name) != "passes"]
    lost = [
        name for name, verdict in after.items() if verdict in ("marginal", "fails") and before.get(name) == "passes"
    ]
    missing = [name for name, verdict in after.items() if verdict == "fails"]
    none = c.words.text("cal.nothing")
    return {
        "n": len(found["counts"]),
        "start": c.fmt.day(date.fromisoformat(found["counts"][0]["start"])),
        "end": c.fmt.day(date.fromisoformat(found["counts"][-1]["end"])),
        "rows": rows,
        "laid": bool(laid),
        "unheld": c.words.listing(unheld),
        "skill": lines,
        "apart": apart,
        "moved": c.words.html(
            "cal.moved.text",
            gained=", ".join(gained) or none,
            lost=", ".join(lost) or none,
            missing=", ".join(missing) or none,
        ),
        "checks": [
            c.words.html(f"cal.check.{standing(check)}", name=c.words.text(f"cal.check.{check['id']}"))
            for check in told["checks"]
        ],
    }


def ranks_in_words(c: Context, told: RanksTold | None) -> str:
    """What a picture of ranks shows, for those who do not see it."""
    if told is None:
        return ""
    return c.words.text(
        "cal.ranks.inside" if told.inside else "cal.ranks.outside",
        n=c.fmt.number(told.n),
        level=c.fmt.percent(1 - LEFT),
        at=c.fmt.number(told.at, 0.01),
        off=c.fmt.number(100 * told.off, signed=True),
    )


def calibration(c: Context) -> Markup:
    """What was fitted, whether the procedure passed its gate, and how it fares on what it never saw."""
    cal = c.inputs.calibration
    if cal is None:
        return c.html("calibration.html.j2", cal=None)
    learnt = [
        {"row": row, "meaning": row.meaning[1 if c.lang == "es" else 0], "before": spread(c, row.before),
         "after": spread(c, row.after), "ranks": ranks_in_words(c, row.told)}
        for row in cal.learnt
    ]  # fmt: skip
    return c.html(
        "calibration.html.j2",
        cal=cal,
        before=before_text(c, cal.before),
        gates=gates(c, cal),
        learnt=learnt,
        silent=c.words.listing(list(cal.silent)) if cal.silent else c.words.text("cal.nothing"),
        trades="; ".join(f"{a} / {b} ({c.fmt.number(r, 0.1, signed=True)})" for a, b, r in cal.trades),
        hindcast=hindcast_text(c, cal.validation),
    )


def render(c: Context) -> Markup:
    """Two blocks, fitted years and held-out years, each with its list and its counts."""
    blocks = [found for found in (block(c, "held_out"), block(c, "fit")) if found]
    return c.html("patterns.html.j2", section=SECTION, blocks=blocks, calibration=calibration(c))


SECTION = Section(
    9,
    "check",
    "q.check",
    "short.check",
    render,
    needs=(Need("patterns", "what.patterns", "tregua run", from_runs=True),),
)
