"""Section 3: three explanations that follow the counts about equally well, always together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup

from tregua.report.cards import contrast_number, coverage_card, coverage_numbers
from tregua.report.charts import Chart, Table, story, story_arms
from tregua.report.decision_text import WRITTEN_FOR
from tregua.report.format import kind_of, without_three
from tregua.report.inputs import BESIDE, Contrast, Estimate, ReadingText
from tregua.report.section import Context, Need, Section, slug


def story_title(c: Context, reading: str) -> str:
    """Short name of one of the three stories; the reading's own where a case brings another."""
    key = f"story.{reading}"
    return (
        c.words.text(key)
        if key in c.words and c.inputs.case.id == WRITTEN_FOR
        else c.words.opening(c.reading_label(reading))
    )


def story_meaning(c: Context, reading: ReadingText | None, name: str) -> str:
    """What a story says at length; empty where that is its title again."""
    meaning = c.words.opening(reading.meaning.of(c.lang)) if reading is not None else ""
    return "" if meaning == story_title(c, name) else meaning


def fit_line(c: Context, reading: ReadingText | None) -> Markup:
    """Score of a story, and whether the fitted counts tell it from the first; of the first, the score alone."""
    if reading is None or reading.score is None:
        return c.words.html("fit.unknown")
    score = c.book.num(
        slug(f"b-{reading.id}"),
        c.fmt.number(reading.score, 0.1),
        lambda: coverage_card(c, reading.id),
        row="score",
        css="sim",
    )
    error = c.fmt.number(reading.score_error, 0.1) if reading.score_error is not None else c.words.text("unknown.value")
    told = c.words.html("fit.score", score=score, error=error)
    if reading.less_first is None:
        return told
    key = "fit.apart" if c.inputs.stories[0] in reading.told_from else "fit.same"
    return told + Markup(" ") + c.words.html(key, **less_first(c, reading.less_first))


def less_first(c: Context, gap: Estimate) -> dict[str, str]:
    """A difference of scores and its error, as section 9 writes them."""
    return {"d": c.fmt.number(gap.value, 0.1, signed=True), "e": c.fmt.number(gap.mcse or 0.0, 0.1)}


def told_apart(c: Context, stories: Sequence[ReadingText]) -> Markup:
    """Whether the fitted counts tell any two stories apart, by the registered rule."""
    if len(stories) < 2 or any(story.score is None for story in stories):
        return Markup("")
    names = [story.id for story in stories]
    pairs = [
        c.words.text("cause.pair", one=story_title(c, one.id), two=story_title(c, two))
        for one in stories
        for two in one.told_from
        if two in names[: names.index(one.id)]
    ]
    if not pairs:
        return c.words.html("cause.three") + Markup(" ") + c.words.html("cause.rule")
    return c.words.html("cause.apart", list=c.words.listing(pairs))


def told_changes(c: Context, reading: ReadingText | None) -> list[tuple[str, str, str]]:
    """What a story changes: the parameter or lever in words, its name in the model, and the value; days as days."""
    meanings = {one.name: one.meaning.of(c.lang) for one in c.inputs.parameters}
    meanings |= {one.id: one.label.of(c.lang) for one in c.inputs.levers}
    dated = re.compile(r"(\d{4}-\d{2}-\d{2})")
    changes = reading.changes if reading is not None else ()
    return [
        (
            c.words.opening(meanings.get(name, "")),
            name,
            without_three(dated.sub(lambda day: f"{c.fmt.day(date.fromisoformat(day[1]))}:", value)),
        )
        for name, value in changes
    ]


def told(c: Context, row: Contrast | None) -> dict[str, object] | None:
    """One number of the table behind the charts."""
    outcome = c.outcomes.get(row.outcome) if row is not None else None
    if row is None or outcome is None or row.status != "ok":
        return None
    rounded = c.fmt.estimate(row.estimate, kind_of(outcome.unit), signed=True, table=True)
    number = contrast_number(c, row, rounded.value, by_reading=row.reading != "default", css="sim")
    return {"num": number, "span": rounded.span, "flip": row.flip}


def months_table(c: Context, columns: Sequence[Mapping[str, object]]) -> Table | None:
    """What the upper halves of the charts show: counts a day, and the simulated range of the same days by story."""
    drawn = [(str(column["title"]), column["chart"]) for column in columns]
    tables = [(title, chart.table) for title, chart in drawn if isinstance(chart, Chart)]
    if not tables:
        return None
    span, _, rate, *_ = tables[0][1].headers
    rows = zip(*(table.rows for _, table in tables), strict=True)
    return Table(
        (span, rate, *(title for title, _ in tables)),
        tuple((same[0][0], same[0][2], *(row[-1] for row in same)) for same in rows),
    )


def render(c: Context) -> Markup:
    """Three columns on one scale, the same four responses under each, the table and what each story changes."""
    decision, horizon = c.inputs.main_horizon[0]
    known = [c.readings.get(name) for name in c.inputs.stories]
    columns = []
    for name, reading in zip(c.inputs.stories, known, strict=True):
        needed = reading is not None and reading.refit == "needed"
        has_band = any(band.reading == name for band in c.inputs.bands)
        columns.append(
            {
                "id": name,
                "reading": reading,
                "changes": told_changes(c, reading),
                "title": story_title(c, name),
                "meaning": story_meaning(c, reading, name),
                "needed": needed,
                "chart": story(c.inputs, c.words, c.fmt, name) if has_band and not needed else None,
                "fit": fit_line(c, reading),
                "inside": [] if needed else coverage_numbers(c, name),
            }
        )
    table = []
    for arm in story_arms(c.inputs):
        for name in c.inputs.stories:
            rows = [c.contrasts.get((decision, horizon, arm.id, name, outcome)) for outcome in BESIDE]
            table.append(
                {
                    "arm": arm,
                    "flips": c.flips(decision, horizon, arm.id),
                    "reading": story_title(c, name),
                    "cells": [told(c, row) for row in rows],
                }
            )
    return c.html(
        "rival_explanations.html.j2",
        section=SECTION,
        columns=columns,
        apart=told_apart(c, [reading for reading in known if reading is not None]),
        table=table,
        months=months_table(c, columns),
        heading="q.why" if len(c.inputs.stories) > 2 else "q.why.few",
        horizon=horizon,
        beside=[c.outcomes[name] for name in BESIDE if name in c.outcomes],
    )


SECTION = Section(
    3,
    "why",
    "q.why",
    "short.why",
    render,
    needs=(
        Need("bands", "what.bands", "tregua simulate"),
        Need("readings", "what.readings"),
        Need("contrasts", "what.contrasts", "tregua compare"),
    ),
)
