"""One printed page of the same results, in both languages, for people who will not open the rest."""

from __future__ import annotations

import re
from pathlib import Path

from markupsafe import Markup

from tregua.report import theme
from tregua.report.catalogue import LANGUAGES, Catalogue
from tregua.report.charts import as_it_happened
from tregua.report.decision_text import decision_label
from tregua.report.format import Formatter, kind_of
from tregua.report.inputs import REFERENCE_ARM, TABLE_OUTCOMES, ReportInputs
from tregua.report.num import CardBook
from tregua.report.page import face, policy, static, write_whole
from tregua.report.picture import draw
from tregua.report.section import Context, templates
from tregua.report.sections.decision import columns, verdict
from tregua.report.sections.three_sentences import bought, cost, left

TOLD = tuple(name for name in TABLE_OUTCOMES if name not in ("minors_detained", "command"))
"""Columns of the table of the brief: killings never without what the state does, what victims pay and votes."""


def build_brief(inputs: ReportInputs, out: Path, *, lang: str = "en") -> Path:
    """Write the page; each language is one sheet of A4.

    Raises
    ------
    StoreError
        The folder cannot be written.
    """
    return write_whole(out, brief(inputs, lang=lang))


def brief(inputs: ReportInputs, *, lang: str = "en") -> str:
    """HTML of the page, the language asked for first; no script, no link, nothing from outside."""
    order = (lang, *(other for other in LANGUAGES if other != lang))
    sheets = [sheet(inputs, one) for one in order]
    style = face() + theme.css_variables() + static("brief.css") + theme.css_charts()
    words = Catalogue(lang)
    return (
        templates()
        .get_template("brief.html.j2")
        .render(
            lang=lang,
            sheets=sheets,
            policy=policy(),
            style=Markup(style),
            title=f"{words.text('app.name')} · {inputs.case.title.of(lang)} · {words.text('brief.name')}",
        )
    )


def sheet(inputs: ReportInputs, lang: str) -> dict[str, object]:
    """One sheet in one language: what fell, what is disputed, what responses compare to, what it cannot tell."""
    words = Catalogue(lang)
    c = Context(lang, inputs, words, Formatter(words, inputs.case.number_style), CardBook(lang))
    compared = left(c) if inputs.contrasts and inputs.main_horizon else None
    html = c.html(
        "brief_sheet.html.j2",
        bought=unlinked(bought(c)),
        cost=unlinked(cost(c)),
        left=compared,
        left_text=unlinked(Markup("{} {} {}").format(compared.sentence, compared.rights, compared.force))
        if compared
        else "",
        picture=Markup(draw(as_it_happened(inputs, words, c.fmt, small=True).spec("mid"), c.fmt))
        if inputs.observations
        else "",
        table=comparison(c),
        verdicts=[unlinked(first) for first, _ in middle(verdict(c, inputs.main_horizon[0][0])[0])]
        if inputs.regret
        else [],
    )
    return {"lang": lang, "html": html}


def middle(sentences: list[tuple[Markup, Markup]]) -> list[tuple[Markup, Markup]]:
    """The sentence under the middle set of weights: neither deaths alone nor everything."""
    return sentences[len(sentences) // 2 :][:1]


def unlinked(text: Markup) -> Markup:
    """The same text for paper: numbers stay, doors go."""
    plain = re.sub(r'<a class="door"[^>]*>.*?</a>', "", str(text))
    return Markup(re.sub(r"<a [^>]*>(.*?)</a>", r"<b>\1</b>", plain))


def comparison(c: Context) -> dict[str, object] | None:
    """Responses by outcomes at the horizon shown first, default reading, flips marked; None without runs."""
    if not c.inputs.contrasts or not c.inputs.main_horizon:
        return None
    decision, horizon = c.inputs.main_horizon[0]
    cols = columns(c, decision, horizon, TOLD)
    rows = []
    for arm in c.inputs.arms:
        if arm.id == REFERENCE_ARM:
            continue
        found = [c.contrasts.get((decision, horizon, arm.id, "default", col.outcome.id)) for col in cols]
        if not any(found):
            continue
        cells = []
        for row, col in zip(found, cols, strict=True):
            if row is None or row.status != "ok":
                cells.append((c.words.text("unknown.value"), ""))
                continue
            if row.humps is not None:
                cells.append((c.words.text("hump.title"), ""))
                continue
            told = c.fmt.estimate(row.estimate, kind_of(col.outcome.unit), signed=True, table=True, scale=col.scale)
            cells.append((told.value, told.span))
        flips = c.flips(decision, horizon, arm.id)
        rows.append(
            {
                "label": arm.label.of(c.lang),
                "cells": cells,
                "flips": c.words.text(
                    "flip.count", k=len(flips), n=len(c.across_readings(decision, horizon, arm.id, "homicides"))
                )
                if flips
                else "",
            }
        )
    heads = [(col.outcome.label.of(c.lang), col.unit) for col in cols]
    return {
        "heads": heads,
        "rows": rows,
        "caption": c.words.text("brief.caption", h=c.words.years(horizon), decision=decision_label(c, decision)),
    }
