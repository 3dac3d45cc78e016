"""Pages of results: the report's own sections and cards, page by page, from whatever the store holds now."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from tregua.app.estimate import RESULTS
from tregua.app.weighing import read
from tregua.effect.results import load_results
from tregua.errors import UsageError
from tregua.report.cards import claims_stop, exact, mechanism_stop, runs_stop, series_stop
from tregua.report.catalogue import Catalogue
from tregua.report.decision_text import decision_label
from tregua.report.format import Formatter, kind_of
from tregua.report.gather import gather
from tregua.report.inputs import Estimate, ReportInputs
from tregua.report.num import STOPS, Card, CardBook, Stop
from tregua.report.section import Context
from tregua.report.sections import all_sections

if TYPE_CHECKING:
    from pathlib import Path

    from tregua.app.estimate import Asked
    from tregua.case.load import Case
    from tregua.explore.experiment import Experiment
    from tregua.runs.cube import Cube
    from tregua.runs.store import Store

PAGES: dict[str, tuple[int, ...]] = {
    "compare": (6, 7),
    "effect": (8,),
    "check": (9,),
    "ledger": (11,),
    "map": (10,),
    "report": (1, 2, 3, 4, 5, 10),
    "about": (0, 12),
}
"""Sections of the report that each page of the app shows, by number."""
COMMANDS = {"effect": "tregua effect", "compare": "tregua compare"}
_ID = re.compile(r'\bid="([^"]+)"')
_CLAIM = re.compile(r'<section class="card claim[^"]*" id="(claim-[^"]+)">.*?</section>', re.S)


@dataclass(frozen=True)
class Written:
    """The sections of one language, composed: markup by page, cards by id, and on which page each anchor stands."""

    pages: dict[str, Markup]
    cards: dict[str, Markup]
    anchors: dict[str, str]


class Pages:
    """Composes sections when somebody asks, and again when the store has changed.

    Parameters
    ----------
    case : Case
    experiment : Experiment
        What a job or `tregua run` asks for by default.
    store : Store
    """

    def __init__(self, case: Case, experiment: Experiment, store: Store) -> None:
        self.case = case
        self.experiment = experiment
        self.store = store
        self._lock = threading.Lock()
        self._inputs: tuple[object, ReportInputs] | None = None
        self._written: dict[str, tuple[object, Written]] = {}
        self._cubes: dict[str, tuple[object, Cube | None]] = {}

    def _now(self) -> object:
        manifest, effect = self.store.manifest, self.store.folder.parent / "effect" / RESULTS
        try:
            stamp = effect.stat().st_mtime_ns
        except OSError:
            stamp = 0
        return (id(self.experiment), len(manifest.shards), manifest.updated, stamp)

    def refresh(self, experiment: Experiment, store: Store) -> None:
        """Show other results from now on: those of the job that has just ended."""
        with self._lock:
            self.experiment, self.store = experiment, store
            self._inputs = None

    def inputs(self) -> ReportInputs:
        """What the sections are made of."""
        with self._lock:
            return self._gathered()

    def _gathered(self) -> ReportInputs:
        now = self._now()
        if self._inputs is None or self._inputs[0] != now:
            command = f"tregua run {self.case.id} --draws {self.experiment.draws}"
            self._inputs = (now, gather(self.case, self.store, self.experiment, command))
        return self._inputs[1]

    def context(self, lang: str) -> Context:
        """One language, with a book of its own."""
        inputs = self.inputs()
        words = Catalogue(lang)
        return Context(lang, inputs, words, Formatter(words, inputs.case.number_style), CardBook(lang))

    def written(self, lang: str) -> Written:
        """Every section of one language."""
        c = self.context(lang)
        with self._lock:
            now = self._now()
            found = self._written.get(lang)
            if found is None or found[0] != now:
                found = (now, _compose(c))
                self._written[lang] = found
            return found[1]

    def cube(self, decision: str) -> Cube | None:
        """Compared histories of one decision, read again when the store has changed; None where there are none."""
        with self._lock:
            now = self._now()
            found = self._cubes.get(decision)
            if found is None or found[0] != now:
                found = (now, read(self, decision))
                self._cubes[decision] = found
            return found[1]

    def page(self, name: str, lang: str) -> Markup:
        """Markup of one page.

        Raises
        ------
        UsageError
            There is no such page.
        """
        if name not in PAGES:
            raise UsageError(
                "no such page", key="page", found=name, allowed=", ".join(PAGES), mend="use one of the names listed"
            )
        return self.written(lang).pages[name]

    def estimated(self, asked: Asked, path: Path, lang: str) -> Written | None:
        """The section of an estimate from somebody's own counts, with its cards; None where it is not finished.

        Nothing of the case stands beside it: neither its counts nor what was said of them.
        """
        found = load_results(path)
        if found is None or found.digest != asked.counts:
            return None
        inputs = self.inputs()
        facts = replace(inputs.case, id=asked.command(inputs.case.id).removeprefix("tregua effect "))
        words = Catalogue(lang)
        own = replace(inputs, case=facts, effect=found, observations=(), outcomes=())
        c = Context(lang, own, words, Formatter(words, ""), CardBook(lang))
        section = next(one for one in all_sections() if one.number in PAGES["effect"])
        body = section.compose(c)
        return Written({"effect": Markup(body)}, _cards(c), {})

    def card(self, name: str, lang: str) -> Markup:
        """A card, or the box of a claim, as the drawer shows it.

        Raises
        ------
        UsageError
            There is no such card.
        """
        found = self.written(lang).cards.get(name)
        if found is None:
            raise UsageError(
                "no such card", key="card", found=name, allowed="the target of a number or of a claim",
                mend="open the page again: results may have changed",
            )  # fmt: skip
        return found


def _compose(c: Context) -> Written:
    sections = all_sections()
    bodies = {section: section.compose(c) for section in sorted(sections, key=lambda section: section.last)}
    pages: dict[str, Markup] = {}
    anchors: dict[str, str] = {}
    cards: dict[str, Markup] = {}
    for page, numbers in PAGES.items():
        shown = [bodies[section] for section in sections if section.number in numbers]
        if not shown:
            shown = [c.html("app_missing.html.j2", page=page, command=f"{COMMANDS[page]} {c.inputs.case.id}")]
        pages[page] = Markup("\n").join(shown)
        for anchor in _ID.findall(pages[page]):
            anchors[anchor] = page
        for box in _CLAIM.finditer(pages[page]):
            cards[box[1]] = Markup(box[0])
    return Written(pages, cards | _cards(c), anchors)


def _cards(c: Context) -> dict[str, Markup]:
    return {
        c.book.card_id(name): c.html("card.html.j2", card=card, names=STOPS, places=c.book.used_in[name])
        for name, card in c.book.cards.items()
    }


@dataclass(frozen=True)
class Difference:
    """A number of the first page of the app, and how it came about.

    Attributes
    ----------
    estimate : Estimate
        B minus A.
    fall : float
        Share of pairs in which it is below zero.
    a, b : str
        The scenarios in words.
    signs : tuple of (reading, -1, 0 or 1)
        What the other readings say of the sign, as far as they were run.
    command : str
        What remakes it.
    humps : tuple of (share of a hundred, value), in print
        The two outcomes that the pairs fall into, where they do.
    """

    decision: str
    years: int
    outcome: str
    reading: str
    estimate: Estimate
    fall: float
    a: str
    b: str
    signs: tuple[tuple[str, int], ...]
    command: str
    humps: tuple[tuple[str, str], ...] = ()


def difference_card(c: Context, number: Difference) -> Markup:
    """The six stops of a live number, made with the very parts of the report's cards."""
    outcome = c.outcomes.get(number.outcome)
    kind = kind_of(outcome.unit if outcome else "")
    told = c.fmt.estimate(number.estimate, kind, signed=True, table=True)
    n = number.estimate.n or 0
    flipped = [c.words.text("quote", text=c.reading_label(r)) for r, sign in number.signs if sign > 0]
    fallen = [r for r, sign in number.signs if sign < 0]
    values = c.html(
        "app_number.html.j2", told=told, exact=exact(c, number.estimate.value, kind),
        mcse=exact(c, number.estimate.mcse or 0.0, kind), n=n, fall=c.fmt.of_runs(number.fall, n) if n else "",
        years=c.words.years(number.years), reading=c.reading_label(number.reading), humps=number.humps,
    )  # fmt: skip
    effect = c.html(
        "app_effect.html.j2", a=number.a, b=number.b, decision=decision_label(c, number.decision),
        meaning=c.words.opening(outcome.meaning.of(c.lang)) if outcome else "",
        more=c.words.listing(flipped), fewer=len(fallen), several=bool(flipped) and bool(fallen),
        tried=len(number.signs), gate=c.inputs.gate,
    )  # fmt: skip
    claims = tuple(outcome.claims) if outcome else ()
    runs = runs_stop(c)
    card = Card(
        "live",
        f"{c.words.text('diff.title')} · {outcome.label.of(c.lang) if outcome else number.outcome}",
        (
            Stop(values),
            Stop(effect),
            series_stop(c, outcome),
            claims_stop(c, claims),
            mechanism_stop(c, outcome.mechanisms if outcome else ()),
            Stop(Markup("{}<p><code>{}</code></p>").format(runs.content, number.command)),
        ),
    )
    return c.html("card.html.j2", card=card, names=STOPS, places=[])
