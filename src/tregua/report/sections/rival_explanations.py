"""Section 3: three explanations that follow the counts about equally well, always together."""

from __future__ import annotations

from markupsafe import Markup

from tregua.report.cards import contrast_number, coverage_card
from tregua.report.charts import story, story_arms, story_contrasts
from tregua.report.inputs import STORY_READINGS, ReadingText
from tregua.report.section import Context, Need, Section

APART = 2.0
"""Log units of score below which the figures cannot tell two stories apart."""


def fit_line(c: Context, reading: ReadingText | None, best: float | None) -> Markup:
    """Score of a story, and whether the record speaks against it."""
    if reading is None or reading.score is None or best is None:
        return c.words.html("fit.unknown")
    score = c.fmt.number(reading.score, 0.1)
    error = c.fmt.number(reading.score_error, 0.1) if reading.score_error is not None else c.words.text("unknown.value")
    verdict = c.words.html("fit.same" if best - reading.score < APART else "fit.apart")
    return c.words.html("fit.score", score=score, error=error) + Markup(" ") + verdict


def render(c: Context) -> Markup:
    """Three columns on one scale, the same four responses under each, the table and what each story changes."""
    decision, horizon = c.inputs.main_horizon[0]
    known = [c.readings.get(name) for name in STORY_READINGS]
    scores = [reading.score for reading in known if reading is not None and reading.score is not None]
    best = max(scores) if scores else None
    columns = []
    for name, reading in zip(STORY_READINGS, known, strict=True):
        needed = reading is not None and reading.refit == "needed"
        has_band = any(band.reading == name for band in c.inputs.bands)
        inside = []
        for row in c.inputs.coverage:
            if row.reading == name and not needed:
                number = c.book.num(
                    f"b-{name}", f"{row.inside90}/{row.n}", lambda name=name: coverage_card(c, name), row=row.window,  # type: ignore[misc]
                    css="sim",
                )
                inside.append(c.words.html(f"inside.{row.window}", number=number))
        columns.append(
            {
                "id": name, "reading": reading, "needed": needed,
                "chart": story(c.inputs, c.words, c.fmt, name) if has_band and not needed else None,
                "fit": fit_line(c, reading, best), "inside": inside,
            }
        )
    table = []
    for arm in story_arms(c.inputs):
        cells = []
        for name in STORY_READINGS:
            found = next((row for row in story_contrasts(c.inputs, name) if row.arm == arm.id), None)
            if found is None:
                cells.append(None)
                continue
            told = c.fmt.estimate(found.estimate, signed=True, table=True)
            cells.append(
                {
                    "num": contrast_number(c, found, told.value, by_reading=name != "default", css="sim"),
                    "span": told.span, "flip": found.flip,
                }
            )
        table.append({"arm": arm, "cells": cells})
    return c.html(
        "rival_explanations.html.j2", section=SECTION, columns=columns, table=table, horizon=horizon,
        decision=decision,
    )


SECTION = Section(
    3, "why", "q.why", "short.why", render,
    needs=(
        Need("bands", "what.bands", "tregua simulate"),
        Need("readings", "what.readings", "tregua check"),
        Need("contrasts", "what.contrasts", "tregua compare"),
    ),
)
