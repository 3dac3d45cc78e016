"""What the page is made of: plain rows, already computed. Nothing here reads a store, a case or a clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from tregua.effect.results import EffectResults
from tregua.report.estimate import Estimate as Estimate

if TYPE_CHECKING:
    from tregua.report.calibration import CalibrationText

Window = Literal["fit", "held_out"]
STORY_READINGS: tuple[str, ...] = ("default", "hidden_killings", "fall_not_concessions")
"""The three explanations of the fall: always drawn together, in this order."""

TABLE_OUTCOMES: tuple[str, ...] = (
    "homicides",
    "deaths_by_state",
    "deaths_in_custody",
    "arrests_wrongful",
    "minors_detained",
    "extortion_paid",
    "votes_deliverable",
    "command",
)
"""Columns of the decision table, in order; the worst regret stands after them."""

ELSE_OUTCOMES: tuple[str, ...] = (
    "extortion_reports",
    "extortion_paid",
    "gang_income",
    "disappearance_reports",
    "deaths_by_state",
    "arrests_wrongful",
    "members_imprisoned",
    "members_active",
)
"""Panels of section 4, in order: what victims bear and what gangs take are two, with units of their own."""

CAPITAL_OUTCOMES: tuple[str, ...] = (
    "capital_bonding",
    "capital_political",
    "capital_criminal",
    "command",
    "adherence",
    "compliance",
    "support",
    "betrayal",
)
"""Panels of section 5: the three capitals and command, then what they act through."""

RIGHTS_AGAINST: tuple[str, ...] = ("arrests_wrongful", "deaths_by_state")
"""Rights outcomes that killings are set against."""
BESIDE: tuple[str, ...] = ("homicides", "deaths_by_state", "arrests_wrongful", "extortion_paid", "votes_deliverable")
"""What the numbers behind a chart of homicides show: never homicides alone."""

FITTED_FIRST = "el_salvador_2012"
"""The case to whose figures provisional draws were fitted."""
REFERENCE_ARM = "no_truce"
_DIRECTION_MARKS = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


@dataclass(frozen=True)
class Bilingual:
    """One text in the two languages of the page."""

    en: str
    es: str

    def of(self, lang: str) -> str:
        """Text in `lang` (``en`` or ``es``), without marks that turn the direction of what follows."""
        return undirected(self.es if lang == "es" else self.en)


NOTHING = Bilingual("", "")
"""No text."""
WITHOUT_TRUCE = Bilingual("No truce", "Sin tregua")
"""What most cases call their reference."""


def undirected(text: str) -> str:
    """`text` without the invisible marks that turn the direction of reading; no text of the page needs one."""
    return text.translate(_DIRECTION_MARKS)


@dataclass(frozen=True)
class CaseFacts:
    """The case, as far as the page names it.

    Attributes
    ----------
    id : str
    title : Bilingual
    number_style : str
        ``""`` for the style of the language, ``"es-SV"`` for Spanish with a decimal point.
    start, end : date
        First and last day drawn (the end of the figures, not of the run).
    fit_end : date
        Last day that any figure used to fit may have.
    break_day : date
        Day from which the responses of the first decision hold.
    break_label : Bilingual
        What happened on that day ("leaders were moved").
    """

    id: str
    title: Bilingual
    start: date
    end: date
    fit_end: date
    break_day: date
    break_label: Bilingual
    number_style: str = ""


@dataclass(frozen=True)
class DecisionText:
    """A day on which a response is chosen.

    Attributes
    ----------
    halt_ends : bool
        True where each response is shown twice, with the gangs' own halt kept and ended that day.
    """

    id: str
    title: Bilingual
    halt_ends: bool = False


@dataclass(frozen=True)
class Observation:
    """One count over one or more spans of days (both ends counted).

    Attributes
    ----------
    institution_class : {"police", "forensic", "other"}
    basis : {"stated", "subtraction", "derived"}
    use : {"fit", "score", "alternative"}
        Only ``fit`` and ``score`` rows are drawn; alternatives are listed.
    arithmetic : str
        How a subtraction was made; empty where the count is stated.
    """

    id: str
    spans: tuple[tuple[date, date], ...]
    count: float
    institution: str
    institution_class: Literal["police", "forensic", "other"]
    basis: Literal["stated", "subtraction", "derived"]
    use: Literal["fit", "score", "alternative"]
    sources: tuple[str, ...]
    arithmetic: str = ""

    @property
    def days(self) -> int:
        """Days covered."""
        return sum((end - start).days + 1 for start, end in self.spans)

    @property
    def rate(self) -> float:
        """People killed a day."""
        return self.count / self.days


@dataclass(frozen=True)
class Event:
    """A dated event of the chronology, by office and never by name.

    Attributes
    ----------
    lane : str
        ``truce``, ``state``, ``elections``, ``outside`` or ``violence``.
    rank : int or None
        1 is the most telling; the nine lowest ranks are numbered on the wide strip, five on the narrow one.
    """

    day: date
    precision: Literal["day", "month", "year"]
    lane: str
    label: Bilingual
    sources: tuple[str, ...]
    rank: int | None = None


@dataclass(frozen=True)
class LeverPath:
    """The recorded path of a lever: value from each date on.

    Attributes
    ----------
    upper : float
        Largest value drawn.
    strip : bool
        True for the few that stand under the chart.
    """

    id: str
    label: Bilingual
    upper: float
    steps: tuple[tuple[date, float], ...]
    strip: bool = False


@dataclass(frozen=True)
class Band:
    """Recorded homicides simulated over one month, as it happened, under one reading.

    Counts over the whole span (the chart divides by days); quantiles over runs.
    """

    reading: str
    start: date
    end: date
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float


@dataclass(frozen=True)
class Month:
    """One outcome other than recorded homicides over one month, as it happened, under the default reading.

    A flow over the month, brought to a month of mean length, or a stock at its end; quantiles over runs, with their
    Monte-Carlo errors.
    """

    outcome: str
    start: date
    end: date
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float
    mcse: float | None = None
    mcse_ends: float | None = None

    @property
    def estimate(self) -> Estimate:
        """Median, 5 and 95 % with their errors."""
        return Estimate(self.q50, self.q05, self.q95, self.mcse, self.mcse_ends)


@dataclass(frozen=True)
class Change:
    """One outcome in the year before the break and in the year from it on, as it happened, default reading.

    Means a month of a flow, means of month ends of a stock.

    Attributes
    ----------
    moved : Estimate
        The second year over the first within the same history; for a stock between 0 and 1, the second less the first.
    share : bool
        True for the latter.
    """

    outcome: str
    before: Estimate
    truce: Estimate
    moved: Estimate
    share: bool = False


@dataclass(frozen=True)
class Figure:
    """A figure of an outcome other than recorded homicides, as somebody counted or estimated it.

    Attributes
    ----------
    start, end : date
        Days that a count covers; for a stock the days within which its date lies.
    definition : Bilingual
        What was counted: definitions differ between institutions and years.
    use : str
        ``fit``, ``score`` or ``alternative``.
    """

    id: str
    outcome: str
    start: date
    end: date
    value: float
    institution: str
    institution_class: Literal["police", "forensic", "other"]
    use: str
    sources: tuple[str, ...]
    definition: Bilingual = NOTHING
    stock: bool = False

    @property
    def days(self) -> int:
        """Days covered."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True)
class Coverage:
    """How many counted intervals of a window fall inside the simulated band of the same interval."""

    reading: str
    window: Window
    inside50: int
    inside90: int
    n: int


@dataclass(frozen=True)
class SpanCount:
    """A count and the days it covers."""

    count: float
    start: date
    end: date

    @property
    def rate(self) -> float:
        """People killed a day."""
        return self.count / ((self.end - self.start).days + 1)


@dataclass(frozen=True)
class Reported:
    """What was counted of extortion around the truce.

    Attributes
    ----------
    ratio : float or None
        Reports of a year of the truce over those of the year before it, as an institution gave it.
    year : tuple of date or None
        First and last day of that year.
    before, after : SpanCount or None
        Reports of the nearest whole years before and after the break that one institution counted.
    sources : tuple of str
    """

    ratio: float | None = None
    year: tuple[date, date] | None = None
    before: SpanCount | None = None
    after: SpanCount | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Headline:
    """What the three sentences need besides the contrasts.

    Attributes
    ----------
    before, truce : SpanCount
        Counted homicides of the year before and of the first truce year, from the partition. These two spans are the
        year before and the first truce year of the whole page.
    peak : SpanCount
        The interval with the highest daily mean.
    payments : Estimate or None
        Simulated payments by victims, first truce year over the year before (ratio), as it happened.
    command_before, command_after : Estimate or None
        Simulated hold of the leadership (0..1) on the last day before the month of the break, and on the last day of
        the first truce year.
    command_claims : tuple of str
        Claims that the rise of command illustrates.
    reported : Reported
        Counts beside the simulated payments.
    """

    before: SpanCount
    truce: SpanCount
    peak: SpanCount
    payments: Estimate | None = None
    command_before: Estimate | None = None
    command_after: Estimate | None = None
    command_claims: tuple[str, ...] = ()
    reported: Reported = Reported()


@dataclass(frozen=True)
class ArmText:
    """A response: fixed order of experience.md 5.3, the reference first."""

    id: str
    label: Bilingual
    meaning: Bilingual
    record: bool = False


@dataclass(frozen=True)
class ReadingText:
    """A reading of the facts.

    Attributes
    ----------
    refit : {"no", "done", "needed"}
        ``needed`` means that no number may be shown under it.
    score, score_error : float or None
        Log score of its fit to the counts used to fit, with its error.
    less_first : Estimate or None
        That score less the one of the first story, with the error of the pair; None for the first.
    told_from : tuple of str
        Stories that the fitted counts tell it from, by the registered rule (`tregua.calibrate.score.difference`).
    changes : tuple of (parameter or lever, value as text)
    claims : tuple of str
    """

    id: str
    label: Bilingual
    meaning: Bilingual
    refit: Literal["no", "done", "needed"] = "no"
    score: float | None = None
    score_error: float | None = None
    less_first: Estimate | None = None
    told_from: tuple[str, ...] = ()
    changes: tuple[tuple[str, str], ...] = ()
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class TargetRow:
    """A figure that an outcome meets: a stock, share or total used to fit or to score."""

    value: float
    unit: str
    start: date
    end: date
    institution: str
    use: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class OutcomeText:
    """An outcome: what it means, which direction harms, what it rests on.

    `unit` is the unit of the model (``deaths``, ``US$``, ``0..1`` ...), `harm` the direction of harm.
    """

    id: str
    label: Bilingual
    meaning: Bilingual
    unit: str
    harm: Literal["up", "down", "none"]
    rights: bool = False
    claims: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    targets: tuple[TargetRow, ...] = ()


@dataclass(frozen=True)
class MechanismText:
    """A mechanism in words and symbols, with the names of its parameters."""

    id: str
    meaning: Bilingual
    equations: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class ParameterText:
    """A parameter with its prior and evidence. `posterior` is empty where there is none."""

    name: str
    symbol: str
    unit: str
    default: float
    prior: str
    role: str
    meaning: Bilingual
    evidence: str = ""
    posterior: str = ""
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Humps:
    """A result with two outcomes: a truce that lasts, or fails early.

    Shares are of runs (0..1); centres are in the unit of the outcome.
    """

    share_lasts: float
    share_fails: float
    centre_lasts: float
    centre_fails: float


@dataclass(frozen=True)
class Contrast:
    """One outcome of one response under one reading, as a paired difference from the reference response.

    Rows of the reference response itself hold levels. Money in US$.

    Attributes
    ----------
    decision : str
        ``"2012"``, ``"2017"`` (the gangs' own halt holds) or ``"2017_halt_ends"``.
    horizon : int
        Years from the decision.
    mean : float
        Mean of the paired differences.
    p_fall : float
        Share of paired runs in which the difference is below zero (0..1).
    mcse, mcse_ends : float
        Monte-Carlo error of the median, and the larger one of the two ends.
    n : int
        Paired runs.
    sign : {-1, 0, 1}
        Sign of the median, 0 where it is within Monte-Carlo error of zero.
    flip : bool
        True when this reading is on the other side of zero, beyond Monte-Carlo error, than ``default`` or, where that
        one is unclear, than most readings. A contrast changes sign where some reading flips.
    prior_share : float or None
        Share of the range that comes from priors no figure can test (0..1).
    status : {"ok", "refit_needed", "failed"}
        Without ``ok`` no number of the row is shown.
    """

    decision: str
    horizon: int
    arm: str
    reading: str
    outcome: str
    q05: float
    q50: float
    q95: float
    mean: float
    p_fall: float
    mcse: float
    n: int
    sign: int = 0
    flip: bool = False
    mcse_ends: float | None = None
    prior_share: float | None = None
    humps: Humps | None = None
    status: Literal["ok", "refit_needed", "failed"] = "ok"

    @property
    def estimate(self) -> Estimate:
        """Median, 5 and 95 % with their errors."""
        return Estimate(self.q50, self.q05, self.q95, self.mcse, self.mcse_ends, self.n)


@dataclass(frozen=True)
class LaterForce:
    """The state's force that the record adds after the first decision, and the record without it.

    Attributes
    ----------
    levers : tuple of (label, day)
        Levers of force that the record moves later, the reference does not, and since when.
    arm : str
        What the record is called with these held as the reference holds them.
    rows : tuple of Contrast
        Of that; empty where it was not run.
    """

    levers: tuple[tuple[Bilingual, date], ...]
    arm: str
    rows: tuple[Contrast, ...] = ()


@dataclass(frozen=True)
class WeightPreset:
    """Weights over outcomes under which regret is computed."""

    id: str
    label: Bilingual
    unit: Bilingual
    meaning: Bilingual = Bilingual("", "")


@dataclass(frozen=True)
class Regret:
    """Regret of a response under one reading and one preset of weights. Choosable responses only.

    `steady` is the share of resamples in which the same response has the smallest worst regret, the same for all rows
    of a preset.
    """

    decision: str
    horizon: int
    arm: str
    reading: str
    weights: str
    value: float
    mcse: float
    steady: float | None = None


@dataclass(frozen=True)
class Price:
    """How far the price of a year of wrongful detention can move before another response has the least worst regret.

    Attributes
    ----------
    decision, weights : str
    horizon : int
    years : float or None
        Years that count as one death with these weights; None where they count nothing.
    fewer, more : (Estimate, str) or None
        Below, and above, this many years to a death it would be this response; None where no price changes the answer.
    """

    decision: str
    horizon: int
    weights: str
    years: float | None
    fewer: tuple[Estimate, str] | None
    more: tuple[Estimate, str] | None


BELIEFS: tuple[str, ...] = ("equal", "civil_society", "law_enforcement")
"""Weights over readings that are shown together: equal, and both expert priors, never one of them alone."""


@dataclass(frozen=True)
class Finding:
    """What it would be worth to settle one dispute, in expected regret avoided.

    Attributes
    ----------
    weights, belief : str
        Preset of weights over outcomes; weights over readings.
    kind : {"group", "reading", "parameter"}
    value : Estimate
        In the unit of the weights.
    matters : bool
        Beyond errors, and some answer moves the choice; otherwise nothing would change.
    choice : str
        Response chosen if nothing is settled.
    switches : tuple of (answer, response)
    claims : tuple of str
        Claims that bear on it; never a claim about a person.
    """

    decision: str
    horizon: int
    weights: str
    belief: str
    kind: Literal["group", "reading", "parameter"]
    id: str
    value: Estimate
    matters: bool
    choice: str
    switches: tuple[tuple[str, str], ...] = ()
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spot:
    """A homicide contrast against a rights contrast of one response under one reading: centre and half of the runs.

    Attributes
    ----------
    outline : tuple of (float, float)
        Corners of the ellipse that holds half of the paired runs: x in the rights outcome, y in homicides.
    unbeaten : bool
        No other response is at least as good on both, and better on one.
    """

    decision: str
    horizon: int
    arm: str
    reading: str
    outcome: str
    x: float
    y: float
    outline: tuple[tuple[float, float], ...]
    unbeaten: bool


@dataclass(frozen=True)
class Department:
    """A figure of one department over a span of days, as an institution counted it.

    Attributes
    ----------
    code, name : str
    count, rate : float or None
        Killings, and killings for 100,000 inhabitants a year; None where it was not counted.
    few : bool
        True where so few were counted that no number is shown for the place.
    """

    code: str
    name: str
    start: date
    end: date
    count: float | None
    rate: float | None
    institution: str
    sources: tuple[str, ...]
    few: bool = False


@dataclass(frozen=True)
class Outline:
    """The border of one department: rings of (longitude, latitude)."""

    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]


def family_of(pattern: str) -> str:
    """The leading id of a pattern that is tried on several spans or in several ways."""
    return re.split(r"[^A-Za-z0-9]", pattern, maxsplit=1)[0]


@dataclass(frozen=True)
class Pattern:
    """One statistic that the model is held against.

    Attributes
    ----------
    target, lo, hi : float or None
        What was counted and the accepted band; None where the design gives no number.
    share_inside : float or None
        Share of runs inside the band (0..1).
    verdict : {"passes", "marginal", "fails", "no_test", "not_run", "not_scored"}
        ``not_scored`` where it is computed and no band says what to accept, ``no_test`` where priors alone already
        pass.
    before : float or None
        Share of runs of the priors alone inside the band (0..1).
    suspect : Bilingual
        Suspected mechanism, empty where none.
    unit : str
        ``"ratio"`` or a unit of counts.
    reason : Bilingual
        Why it was not run; empty where it was.
    note : Bilingual
        What to know whatever the verdict; empty where nothing.
    claims : tuple of str
        Claims that bear on it.
    """

    id: str
    name: Bilingual
    window: Window
    target: float | None
    lo: float | None
    hi: float | None
    q05: float | None
    q50: float | None
    q95: float | None
    share_inside: float | None
    verdict: Literal["passes", "marginal", "fails", "no_test", "not_run", "not_scored"]
    suspect: Bilingual
    unit: str = "ratio"
    mcse: float | None = None
    known: bool = False
    sources: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    reason: Bilingual = NOTHING
    note: Bilingual = NOTHING
    claims: tuple[str, ...] = ()
    before: float | None = None

    @property
    def family(self) -> str:
        """The pattern that claims speak of: ``F1`` of ``F1_2012``."""
        return family_of(self.id)


@dataclass(frozen=True)
class Gate:
    """State of the calibration gate.

    Attributes
    ----------
    state, reason
        Of the default reading.
    day, n
        When it was judged and on how many simulated data sets.
    failed : tuple of Bilingual
        Other readings in use that have not passed, in the words of the page.
    """

    state: Literal["passed", "failed", "not_run"]
    reason: Bilingual
    day: date | None = None
    n: int | None = None
    failed: tuple[Bilingual, ...] = ()


@dataclass(frozen=True)
class Provenance:
    """Where the numbers come from and how to make them again.

    Attributes
    ----------
    draw_source : {"posterior", "provisional", "prior", "default"}
        ``provisional``: fitted parameters drawn jointly from a fit without a gate, the others from their priors.
    draws, luck : int
        Parameter draws, and replicates of chance per draw.
    fitted, varied : int
        Parameters drawn from the fit, and from priors.
    made : date
        Day of the run.
    failed : int
        Runs set aside.
    """

    version: str
    model_hash: str
    case_hash: str
    seed: int
    command: str
    draw_source: Literal["posterior", "provisional", "prior", "default"]
    draws: int
    luck: int
    made: date
    fitted: int = 0
    varied: int = 0
    failed: int = 0
    libraries: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SourceRow:
    """A source with its full citation."""

    key: str
    citation: str
    url: str = ""

    @property
    def short(self) -> str:
        """Who published it, and the year: ``El Faro 2012``."""
        who = re.split(r"[,;]|(?<=[^\W\d_A-Z])\.\s|\s\(", self.citation, maxsplit=1)[0].strip().rstrip(".")
        years = re.findall(r"\b(?:19|20)\d\d\b", self.citation)
        return f"{who} {years[-1]}" if years and years[-1] not in who else who


@lru_cache(maxsize=4)
def _short_names(sources: tuple[SourceRow, ...]) -> dict[str, str]:
    return {source.key: source.short for source in sources}


@dataclass(frozen=True)
class ClaimPart:
    """One part of a claim.

    Attributes
    ----------
    kind, legal : str
        Status in ids: the form of the border.
    chips : tuple of Bilingual
        Status in words, one or two nouns.
    text : Bilingual
        The paraphrase; begins with the asserter.
    caveat, hedged : Bilingual
        What the legal state must be read with; that the source hedges. Empty where nothing.
    """

    kind: str
    text: Bilingual
    chips: tuple[Bilingual, ...]
    legal: str = "none"
    caveat: Bilingual = NOTHING
    hedged: Bilingual = NOTHING


@dataclass(frozen=True)
class Beside:
    """Another claim that has to stand beside one: `text` with its answer, `why` the reasoning of the relation."""

    id: str
    chips: tuple[Bilingual, ...]
    text: Bilingual
    why: Bilingual = NOTHING


@dataclass(frozen=True)
class Bearing:
    """Something in the model that a claim bears on; `label` where its id says nothing to a reader."""

    kind: str
    id: str
    word: Bilingual
    label: Bilingual = NOTHING


@dataclass(frozen=True)
class ClaimView:
    """A claim as the ledger lets it be shown: asserter and status first, reply and outcome in the same box.

    Attributes
    ----------
    asserter : Bilingual
        All who say a part of it.
    asserted, source, place : Bilingual
        When, in which source (a citation without its address), where in it.
    grade : str
        Two characters that are never multiplied into a number; `grader` is whose judgement they are.
    replies, outcomes : tuple of Beside
    reply_note, outcome_note : Bilingual
        That no reply is recorded; that the outcome is unknown. Empty where not due.
    contradicted_by, qualified_by, supported_by, followed_by : tuple of Beside
    answers : tuple of str
        Claims that it replies to.
    tells : Bilingual
        What it tells between readings, in a sentence without a number.
    no_home, not_valued : Bilingual
        Why the model has no place for it; that it is never evaluated, because it concerns a person.
    is_allegation, about_person, disputed : bool
    """

    id: str
    asserter: Bilingual
    parts: tuple[ClaimPart, ...]
    asserted: Bilingual
    source: Bilingual
    source_key: str
    place: Bilingual = NOTHING
    grade: str = ""
    grader: Bilingual = NOTHING
    replies: tuple[Beside, ...] = ()
    reply_note: Bilingual = NOTHING
    outcomes: tuple[Beside, ...] = ()
    outcome_note: Bilingual = NOTHING
    contradicted_by: tuple[Beside, ...] = ()
    qualified_by: tuple[Beside, ...] = ()
    supported_by: tuple[Beside, ...] = ()
    followed_by: tuple[Beside, ...] = ()
    answers: tuple[str, ...] = ()
    bears_on: tuple[Bearing, ...] = ()
    tells: Bilingual = NOTHING
    no_home: Bilingual = NOTHING
    not_valued: Bilingual = NOTHING
    is_allegation: bool = False
    about_person: bool = False
    disputed: bool = False

    def __post_init__(self) -> None:
        """Refuse a claim that a guard rail forbids to show."""
        told = self.asserter.en and self.asserter.es and all(part.chips for part in self.parts)
        if self.is_allegation and not (told and (self.replies or self.reply_note.en)):
            raise ValueError(f"{self.id} is an allegation and cannot be shown without asserter, status and reply")

    @property
    def chips(self) -> tuple[Bilingual, ...]:
        """Chips of all parts, each once."""
        return tuple(dict.fromkeys(chip for part in self.parts for chip in part.chips))


@dataclass(frozen=True)
class ReadingsByClaim:
    """One claim against all readings: a column of the grid.

    Attributes
    ----------
    voice : Bilingual
        Whoever the claim belongs to.
    cells : str
        ``C`` (fits), ``I`` (speaks against) or ``N`` (neutral) for each reading, in their order.
    pairs : int or None
        Pairs of readings of which it fits one and speaks against the other; None for a claim about a person.
    """

    claim: str
    voice: Bilingual
    cells: str
    pairs: int | None

    @property
    def fits_all(self) -> bool:
        """True where it fits every reading: it discriminates nothing."""
        return set(self.cells) == {"C"}


@dataclass(frozen=True)
class Assumption:
    """Something in the model without a claim that gives it, and why."""

    kind: Bilingual
    id: str
    why: Bilingual


@dataclass(frozen=True)
class SingleVoice:
    """What rests on one asserter's word alone: pairs of kind and ids."""

    voice: Bilingual
    items: tuple[tuple[Bilingual, tuple[str, ...]], ...]


@dataclass(frozen=True)
class LeftOut:
    """What is lost without one asserter.

    Attributes
    ----------
    fallen, shortened : tuple of str
        Claims that are gone; claims that lost a part.
    lost : tuple of (kind, ids)
        What in the model no claim speaks for any longer.
    sizes : tuple of str
        Parameters of which no claim gives the size any longer.
    readings : tuple of str
        Readings that no telling claim speaks for any longer.
    unanswered : tuple of str
        Claims that nobody answers any longer.
    flips_gone, narrowed : tuple of str
        Responses whose contrast in homicides no longer changes sign, or has a narrower range, over the readings left.
    """

    voice: Bilingual
    fallen: tuple[str, ...]
    shortened: tuple[str, ...] = ()
    lost: tuple[tuple[Bilingual, tuple[str, ...]], ...] = ()
    sizes: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    flips_gone: tuple[str, ...] = ()
    narrowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class LedgerText:
    """The ledger as a whole.

    Attributes
    ----------
    columns : tuple of ReadingsByClaim
        Claims that speak to at least one reading, in ledger order.
    supported : tuple of (kind, number)
        How many of each kind have a claim behind them.
    """

    columns: tuple[ReadingsByClaim, ...] = ()
    supported: tuple[tuple[Bilingual, int], ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    single: tuple[SingleVoice, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class Share:
    """What one factor explains of the variance of a contrast: alone, and together with the others."""

    factor: str
    first: float
    total: float
    error: float


@dataclass(frozen=True)
class Swing:
    """A contrast with one parameter at the ends of its prior, and the error of the difference."""

    parameter: str
    low: float
    high: float
    error: float
    evidence: str


@dataclass(frozen=True)
class Sensitivity:
    """What moves the homicides of one response against the reference."""

    decision: str
    horizon: int
    arm: str
    shares: tuple[Share, ...]
    swings: tuple[Swing, ...]


@dataclass(frozen=True)
class Bound:
    """One restriction of a region: a parameter between ends (None: open) of what was tried, or some of the readings."""

    factor: str
    low: float | None
    high: float | None
    least: float | None
    most: float | None
    among: tuple[str, ...]
    tried: int
    chance: float


@dataclass(frozen=True)
class Failing:
    """Where a response fails: a rule with its density and coverage; no bounds where no region stands out.

    Attributes
    ----------
    thresholds : tuple of (outcome, difference from the reference)
        What is accepted at most.
    density, base, coverage : float
        Share of the region that fails, share of all that fails, share of failures in the region.
    """

    decision: str
    horizon: int
    arm: str
    thresholds: tuple[tuple[str, float], ...]
    bounds: tuple[Bound, ...] = ()
    density: float = 0.0
    base: float = 0.0
    coverage: float = 0.0


@dataclass(frozen=True)
class RoleErrors:
    """Both errors of a policy towards interlocutors: genuine roles removed, agents still active, watching lost.

    About roles together under one expert prior, at one likelihood ratio of a year of signals; never about one role.
    """

    decision: str
    horizon: int
    policy: str
    prior: str
    ratio: float
    removed: Estimate
    missed: Estimate
    watch: Estimate


@dataclass(frozen=True)
class ReportInputs:
    """All that a page can be made of. Empty tuples and None are told in place, never hidden.

    Attributes
    ----------
    stories : tuple of str
        Readings drawn together as rival explanations of the record.
    months : tuple of Month
        Other outcomes as it happened, month by month.
    prior_months : tuple of Month
        The same with every parameter drawn from its prior; empty where that was not run.
    changes : tuple of Change
        The same outcomes, the year before the break against the year from it on.
    figures : tuple of Figure
        What was counted of other outcomes.
    prices : tuple of Price
        At the horizon shown first.
    findings : tuple of Finding
        What settling each dispute would be worth.
    spots : tuple of Spot
        Homicides against a rights outcome, response by response.
    departments, outlines : tuple
        Counts by department, and their borders.
    decisions : tuple of DecisionText
        In the order of the case.
    main_horizon : mapping as pairs
        Horizon (years) shown first for each decision.
    claims_count : int or None
        Claims in the ledger; None where no ledger was read.
    calibration : CalibrationText or None
        Gates, what was learnt and held-out scores; None where runs use no posterior.
    ledger : LedgerText or None
        Readings against claims, coverage and what is lost without a voice.
    effect : EffectResults or None
        The effect on recorded homicides, estimated apart from the model.
    later_force : LaterForce or None
        None where the record moves no lever of force after the first decision.
    sensitivity : Sensitivity or None
        What moves a contrast, where that was probed.
    failing : tuple of Failing
        Where a response fails, where that was looked for.
    roles : tuple of RoleErrors
        Errors about interlocutors, where they were probed.
    unfinished : bool
        True while runs go on: what is not there yet comes by itself, and the page says so.
    """

    case: CaseFacts
    provenance: Provenance
    gate: Gate
    observations: tuple[Observation, ...] = ()
    events: tuple[Event, ...] = ()
    levers: tuple[LeverPath, ...] = ()
    bands: tuple[Band, ...] = ()
    months: tuple[Month, ...] = ()
    prior_months: tuple[Month, ...] = ()
    changes: tuple[Change, ...] = ()
    figures: tuple[Figure, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    headline: Headline | None = None
    arms: tuple[ArmText, ...] = ()
    readings: tuple[ReadingText, ...] = ()
    outcomes: tuple[OutcomeText, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    weights: tuple[WeightPreset, ...] = ()
    regret: tuple[Regret, ...] = ()
    prices: tuple[Price, ...] = ()
    findings: tuple[Finding, ...] = ()
    spots: tuple[Spot, ...] = ()
    departments: tuple[Department, ...] = ()
    outlines: tuple[Outline, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    mechanisms: tuple[MechanismText, ...] = ()
    parameters: tuple[ParameterText, ...] = ()
    sources: tuple[SourceRow, ...] = ()
    claims_count: int | None = None
    claims: tuple[ClaimView, ...] = ()
    ledger: LedgerText | None = None
    effect: EffectResults | None = None
    calibration: CalibrationText | None = None
    stories: tuple[str, ...] = STORY_READINGS
    decisions: tuple[DecisionText, ...] = (
        DecisionText("2012", Bilingual("March 2012", "marzo de 2012")),
        DecisionText("2017", Bilingual("January 2017", "enero de 2017"), True),
    )
    main_horizon: tuple[tuple[str, int], ...] = (("2012", 5), ("2017", 5), ("2017_halt_ends", 5))
    later_force: LaterForce | None = None
    sensitivity: Sensitivity | None = None
    failing: tuple[Failing, ...] = ()
    roles: tuple[RoleErrors, ...] = ()
    unfinished: bool = False

    @property
    def reference(self) -> Bilingual:
        """What the case calls the response that every other is compared with."""
        return next((arm.label for arm in self.arms if arm.id == REFERENCE_ARM), WITHOUT_TRUCE)

    def named(self, sources: Sequence[str]) -> str:
        """Sources as a reader knows them, each once: who published, and in which year."""
        known = _short_names(self.sources)
        return ", ".join(dict.fromkeys(known.get(key, key) for key in sources))

    @property
    def fitted(self) -> bool:
        """Whether figures of the case shaped the draws: without it nothing was used to fit, and nothing kept aside.

        Provisional draws were fitted to the figures of the case that ships first; others only bring them along.
        """
        source = self.provenance.draw_source
        return source == "posterior" or (source == "provisional" and self.case.id == FITTED_FIRST)

    def left_out(self, reading: str) -> tuple[int, int, int, int] | None:
        """Fitted counts inside what the others expect of each: inside, fewest and most of a right fit, counts.

        None where no posterior says so. A band that has seen a count holds it too well: that is no test of a fit.
        """
        gates = self.calibration.gates if self.calibration else ()
        found = next((gate.left_out for gate in gates if gate.reading == reading), ())
        return (found[0], found[1], found[2], found[3]) if len(found) == 4 else None

    def of_fit(self, key: str) -> str:
        """Key of a text about what figures were used for: ``.none`` where nothing was fitted."""
        return key if self.fitted else f"{key}.none"

    def against(self, key: str) -> str:
        """Key of a text that names the reference: ``.other`` where a case does not call it *No truce*."""
        return key if self.reference.en == WITHOUT_TRUCE.en else f"{key}.other"
