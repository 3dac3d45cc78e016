"""What a section is, what it can ask for, and how it tells that something is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tregua.report.catalogue import Catalogue
from tregua.report.charts import Chart
from tregua.report.export import caption_lines
from tregua.report.format import Formatter
from tregua.report.inputs import (
    ArmText,
    ClaimView,
    Contrast,
    OutcomeText,
    ReadingText,
    Regret,
    ReportInputs,
    undirected,
)
from tregua.report.num import CardBook
from tregua.report.pack import Pack
from tregua.report.picture import WidthClass, compiled, for_paper, plain_text, still
from tregua.report.theme import arm_mark

MARKS = {
    "ring": "M13 2a4 4 0 1 0 .01 0z",
    "circle": "M13 2a4 4 0 1 0 .01 0z",
    "square": "M9.5 2.5h7v7h-7z",
    "diamond": "M13 1l4.5 5L13 11 8.5 6z",
    "triangle-up": "M13 1.5l5 9H8z",
    "triangle-down": "M13 10.5l-5-9h10z",
    "cross": "M11.5 1.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
}
"""Shapes of responses as paths in a box of 26 by 12."""


@cache
def templates() -> Environment:
    """The page's templates: escaping always on, an unknown name is an error."""
    return Environment(
        loader=PackageLoader("tregua.report", "templates"),
        finalize=_undirected,
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _undirected(value: object) -> object:
    return undirected(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def slug(text: str) -> str:
    """An id that is safe in HTML and in a link, whatever the case calls the thing."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text)


def css_string(text: str) -> str:
    """A CSS string in which nothing can end the string or the style element."""
    return '"' + "".join(ch if ch.isalnum() and ch.isascii() else f"\\{ord(ch):x} " for ch in text) + '"'


@dataclass(frozen=True)
class Need:
    """A part of the inputs without which a section says what is missing.

    Attributes
    ----------
    field : str
        Attribute of `ReportInputs`; empty or None means missing.
    what : str
        Key of the text that names it.
    command : str
        The command that makes it; empty for what only the case itself can hold.
    from_runs : bool
        True for what every case with runs has that has it at all: where there are runs, no command makes it.
    """

    field: str
    what: str
    command: str = ""
    from_runs: bool = False

    def command_for(self, inputs: ReportInputs) -> str:
        """The command that makes it for this case, or nothing where none can."""
        return "" if not self.command or (self.from_runs and inputs.bands) else f"{self.command} {inputs.case.id}"


@dataclass
class Context:
    """One language of one page: its words, numbers, cards and look-ups. Sections read everything from here."""

    lang: str
    inputs: ReportInputs
    words: Catalogue
    fmt: Formatter
    book: CardBook
    pictures: Mapping[tuple[str, str, WidthClass], str] = field(default_factory=dict)
    pack: Pack = field(default_factory=Pack)

    @cached_property
    def counters(self) -> dict[str, str]:
        """Who made the counts that are drawn, by the mark they are drawn with; empty where nobody did."""
        out: dict[str, list[str]] = {"police": [], "forensic": [], "other": [], "derived": []}
        for row in self.inputs.observations:
            if row.use != "alternative":
                mark = row.institution_class if row.basis == "stated" else "derived"
                out[mark].append(self.words.institution(undirected(row.institution.removesuffix(" preliminary"))))
        return {mark: self.words.listing(list(dict.fromkeys(names))) for mark, names in out.items()}

    def counter(self, mark: str) -> str:
        """What the key says of a mark: who counted, unless a case calls them nothing but that."""
        who = self.counters[mark]
        plain = self.words.text(f"key.{mark}.plain")
        own = {mark, self.words.institution(mark)}
        return plain if who in own else self.words.text(f"key.{mark}", who=who)

    def ident(self, name: str) -> str:
        """Id of `name` in this language's half of the page."""
        return f"{slug(name)}-{self.lang}"

    def html(self, template: str, **values: object) -> Markup:
        """Fill a template; `t` is the catalogue, `fmt` the formatter, `c` this context."""
        return Markup(
            templates()
            .get_template(template)
            .render(
                t=self.words.html,
                tx=self.words.text,
                fmt=self.fmt,
                c=self,
                inputs=self.inputs,
                lang=self.lang,
                **values,
            )
        )

    def picture(self, chart: Chart, width_class: WidthClass, *, live: bool = True) -> Markup:
        """Static SVG of a chart: drawn already, or drawn now; packed to come alive too, unless told otherwise.

        Panels that would not fit on a printed page are several pictures, one under the other.
        """
        key = (self.lang, chart.id, width_class)
        drawn = self.pictures.get(key)
        if drawn is not None:
            return Markup(drawn)
        spec = chart.spec(width_class)
        vega = compiled(spec, self.fmt)
        if live:
            self.pack.add_live("-".join((chart.id, self.lang, width_class)), vega)
        parts = [compiled(part, self.fmt) for part in for_paper(spec)] if width_class == "wide" else []
        return Markup("".join(plain_text(still(part)) for part in parts or [vega]))

    def take(self, chart: Chart) -> str:
        """Pack a chart's data and caption for those who take it with them; the anchor of the figure."""
        self.pack.add(chart, self.lang, caption_lines(chart, self.inputs, self.words, self.fmt))
        return self.ident(f"figure-{chart.id}")

    @cached_property
    def arms(self) -> dict[str, ArmText]:
        return {arm.id: arm for arm in self.inputs.arms}

    @cached_property
    def readings(self) -> dict[str, ReadingText]:
        return {reading.id: reading for reading in self.inputs.readings}

    @cached_property
    def outcomes(self) -> dict[str, OutcomeText]:
        return {outcome.id: outcome for outcome in self.inputs.outcomes}

    @cached_property
    def _rows(self) -> tuple[Contrast, ...]:
        force = self.inputs.later_force
        return (*self.inputs.contrasts, *(force.rows if force else ()))

    @cached_property
    def contrasts(self) -> dict[tuple[str, int, str, str, str], Contrast]:
        """Rows by (decision, horizon, arm, reading, outcome)."""
        return {(row.decision, row.horizon, row.arm, row.reading, row.outcome): row for row in self._rows}

    @cached_property
    def effects(self) -> dict[tuple[str, str, str], list[Contrast]]:
        """Rows by (decision, arm, outcome), all horizons and readings."""
        found: dict[tuple[str, str, str], list[Contrast]] = {}
        for row in self._rows:
            found.setdefault((row.decision, row.arm, row.outcome), []).append(row)
        return found

    @cached_property
    def regrets(self) -> dict[tuple[str, int, str, str], list[Regret]]:
        """Regret by (decision, horizon, arm, weights), one row a reading."""
        found: dict[tuple[str, int, str, str], list[Regret]] = {}
        for row in self.inputs.regret:
            found.setdefault((row.decision, row.horizon, row.arm, row.weights), []).append(row)
        return found

    @cached_property
    def main_horizon(self) -> dict[str, int]:
        return dict(self.inputs.main_horizon)

    @cached_property
    def claims(self) -> dict[str, ClaimView]:
        return {claim.id: claim for claim in self.inputs.claims}

    @cached_property
    def places(self) -> dict[tuple[str, str], int]:
        """Place of each response, reading and outcome in its fixed order: short marks that links and rows carry."""
        kinds = {"arm": list(self.arms), "reading": list(self.readings), "outcome": list(self.outcomes)}
        return {(kind, id): place for kind, ids in kinds.items() for place, id in enumerate(ids, start=1)}

    def arm_label(self, arm: str) -> str:
        force = self.inputs.later_force
        if force is not None and arm == force.arm:
            return self.words.text("arm.without_force")
        known = self.arms.get(arm)
        return known.label.of(self.lang) if known else arm

    def against(self, key: str) -> str:
        """Key of a text that names what responses are compared with; see `ReportInputs.against`."""
        return self.inputs.against(key)

    @property
    def reference(self) -> str:
        """The response that every other is compared with, as it stands inside a sentence."""
        return self.words.inside(self.inputs.reference.of(self.lang))

    @property
    def default_reading(self) -> str:
        """The default reading as a sentence names it."""
        return self.words.text("quote", text=self.reading_label("default"))

    def arm_mark(self, arm: str) -> Markup:
        """The mark of a response as charts draw it: hue of its family, dash and shape of its own."""
        mark = arm_mark(arm)
        dash = f' stroke-dasharray="{" ".join(str(one) for one in mark.dash)}"' if mark.dash else ""
        return Markup(
            f'<svg viewBox="0 0 26 12" aria-hidden="true"><path d="M1 6h24" stroke="var(--{mark.token})" '
            f'stroke-width="1.6"{dash}/><path d="{MARKS[mark.shape]}" fill="var(--{mark.token})"/></svg>'
        )

    def reading_label(self, reading: str) -> str:
        known = self.readings.get(reading)
        return known.label.of(self.lang) if known else reading

    def across_readings(self, decision: str, horizon: int, arm: str, outcome: str) -> list[Contrast]:
        """Rows of one contrast under every reading that may be shown, in the fixed order of readings."""
        rows = (self.contrasts.get((decision, horizon, arm, reading.id, outcome)) for reading in self.inputs.readings)
        return [row for row in rows if row is not None and row.status == "ok"]

    def flips(self, decision: str, horizon: int, arm: str, outcome: str = "homicides") -> list[Contrast]:
        """Those of them on the other side of zero; there is one exactly where the sign changes between readings."""
        return [row for row in self.across_readings(decision, horizon, arm, outcome) if row.flip]


@dataclass(frozen=True)
class Section:
    """A part of the page that answers one question.

    Attributes
    ----------
    number : int
        Place in the page (experience.md 2.1).
    id : str
        Anchor.
    title, short : str
        Keys of the heading and of the entry in the section list; `short` empty leaves it out of the list.
    render : callable
        Context -> markup, called only when nothing it needs is missing.
    needs : tuple of Need
    last : bool
        True for a section that tells what the others link to: it is written after them and stands in its own place.
    """

    number: int
    id: str
    title: str
    short: str
    render: Callable[[Context], Markup]
    needs: tuple[Need, ...] = ()
    last: bool = False

    def missing(self, inputs: ReportInputs) -> list[Need]:
        """What the inputs lack."""
        return [need for need in self.needs if not getattr(inputs, need.field)]

    def compose(self, context: Context) -> Markup:
        """The section, or in its place what is missing and which command makes it."""
        context.book.section = context.ident(self.id)
        context.book.section_name = context.words.text(self.short or self.title)
        lacking = self.missing(context.inputs)
        if lacking:
            return context.html("missing.html.j2", section=self, lacking=lacking)
        return self.render(context)
