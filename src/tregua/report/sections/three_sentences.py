"""Section 1: what the truce bought, cost and left, in three sentences with their slots filled from runs and counts."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from tregua.report.cards import contrast_number, counts_card, estimate_card, outcome_card, ratio_card
from tregua.report.charts import as_it_happened
from tregua.report.format import kind_of
from tregua.report.inputs import Estimate
from tregua.report.section import Context, Need, Section

RECORD = "as_it_happened"
RIGHTS_TOLD = ("deaths_by_state", "arrests_wrongful", "extortion_paid")


@dataclass(frozen=True)
class Left:
    """The third sentence: the flip before the number, rights in the same breath, then the force that came later."""

    flip: Markup
    flipped: bool
    sentence: Markup
    rights: Markup
    force: Markup


def direction(estimate: Estimate, still: float) -> str:
    """Whether a range lies above `still`, below it, or on both sides."""
    if estimate.lo is not None and estimate.lo > still:
        return "rose"
    if estimate.hi is not None and estimate.hi < still:
        return "fell"
    return "open"


def bought(c: Context) -> Markup:
    """Counted homicides of the first truce year over the year before."""
    head = c.inputs.headline
    if head is None:
        return c.words.html("bought.none", date=c.fmt.day(c.inputs.case.break_day))
    value = head.truce.rate / head.before.rate
    ratio = c.book.num("ratio", c.fmt.number(value, 0.01), lambda: ratio_card(c), css="big observed")
    change = c.words.text("bought.fewer" if value < 1.0 else "bought.more", p=c.fmt.percent(abs(1.0 - round(value, 2))))
    stories = [name for name in c.inputs.stories if name in c.readings]
    why = Markup("")
    if len(stories) > 1:
        why = Markup(' <a class="door" href="#{}">{}</a>').format(
            c.ident("why"), c.words.html("left.why", n=len(stories))
        )
    told = c.words.html(
        c.against("bought.sentence"),
        ratio=ratio,
        change=change,
        truce_span=c.fmt.span(head.truce.start, head.truce.end),
        before_span=c.fmt.span(head.before.start, head.before.end),
    )
    if head.peak.start > head.truce.end and head.peak.rate > head.before.rate:
        peak, before = (
            c.book.num("counts", c.fmt.number(one.rate, 0.1), lambda: counts_card(c), css="observed")
            for one in (head.peak, head.before)
        )
        span = c.fmt.span(head.peak.start, head.peak.end)
        told += Markup(" ") + c.words.html("bought.peak", peak_span=span, peak=peak, before=before)
    return told + why


def cost(c: Context) -> Markup:
    """Payments by victims and the leaders' command, as simulated; what is missing is said."""
    head = c.inputs.headline
    if head is None:
        return c.words.html("cost.none")
    told = []
    if head.payments is not None:
        rounded = c.fmt.estimate(head.payments, "ratio")
        number = c.book.num(
            "payments",
            rounded.value,
            lambda: estimate_card(
                c,
                "payments",
                c.words.text("card.payments.title"),
                head.payments or Estimate(0.0),
                "ratio",
                c.words.text("card.payments.effect"),
                "extortion_paid",
            ),
            css="big sim",
        )
        told.append(
            c.words.html(
                f"cost.payments.{direction(head.payments, 1.0)}", ratio=number, range=_range(rounded.span),
                before_span=c.fmt.span(head.before.start, head.before.end),
            )
        )  # fmt: skip
        told += counted_extortion(c)
    if head.command_before is not None and head.command_after is not None:
        after = c.fmt.estimate(head.command_after, "share")
        moved = "rose" if head.command_after.value > head.command_before.value else "fell"
        told.append(
            c.words.html(
                f"cost.command.{moved}",
                range=_range(after.span),
                before=command_number(c, "before", head.command_before, "sim"),
                after=command_number(c, "after", head.command_after, "big sim"),
            )
        )
    if not told:
        return c.words.html("cost.missing")
    return Markup(" ").join(told)


def counted_extortion(c: Context) -> list[Markup]:
    """What institutions counted of extortion, beside what the model says of it; nothing where nobody counted."""
    head = c.inputs.headline
    assert head is not None
    found = head.reported

    def number(text: str) -> Markup:
        return c.book.num("o-extortion_reports", text, lambda: outcome_card(c, "extortion_reports"), css="observed")

    parts = []
    if found.ratio is not None and found.year is not None:
        share = number(c.fmt.percent(abs(1.0 - found.ratio)))
        key = "cost.reports.fewer" if found.ratio < 1.0 else "cost.reports.more"
        parts.append(c.words.html(key, p=share, year=c.fmt.span(*found.year)))
    if found.before is not None and found.after is not None:
        said = {
            name: number(c.fmt.number(one.count)) for name, one in (("before", found.before), ("after", found.after))
        }
        spans = {
            f"{name}_span": c.fmt.span(one.start, one.end)
            for name, one in (("before", found.before), ("after", found.after))
        }
        parts.append(c.words.html("cost.reports.years", **said, **spans))
    if not parts:
        return []
    listed = Markup("; ").join(parts)
    return [c.words.html("cost.reports", list=listed, sources=named(c, found.sources))]


def named(c: Context, sources: tuple[str, ...]) -> str:
    """Sources by who published and when, a publisher once: "A newspaper 2012, 2013"."""
    by: dict[str, list[str]] = {}
    for one in sources:
        who, _, year = c.inputs.named([one]).rpartition(" ")
        by.setdefault(who, []).append(year)
    return ", ".join(f"{who} {', '.join(dict.fromkeys(years))}".strip() for who, years in by.items())


def command_number(c: Context, when: str, value: Estimate, css: str) -> Markup:
    """Leaders' command on the eve of the truce, or at the end of its first year."""
    head = c.inputs.headline
    assert head is not None
    return c.book.num(
        f"command-{when}",
        c.fmt.estimate(value, "share").value,
        lambda: estimate_card(
            c,
            f"command-{when}",
            c.words.text(f"card.command.title.{when}"),
            value,
            "share",
            c.words.text("card.command.effect"),
            "command",
            head.command_claims,
        ),
        css=css,
    )


def left(c: Context) -> Left | None:
    """What the record left against a simulated history without a truce."""
    decision, horizon = c.inputs.main_horizon[0]
    row = c.contrasts.get((decision, horizon, RECORD, "default", "homicides"))
    if row is None or row.status != "ok":
        return None
    flips = c.flips(decision, horizon, RECORD)
    across = c.across_readings(decision, horizon, RECORD, "homicides")
    if flips:
        flip = c.words.html("left.flip", k=len(flips), n=len(across))
    else:
        flip = c.words.html("flip.none", n=len(across))
    told = c.fmt.estimate(row.estimate, signed=True)
    sentence = c.words.html(
        c.against("left.sentence"),
        reference=c.reference,
        h=horizon,
        date=c.fmt.day(c.inputs.case.break_day),
        d=contrast_number(c, row, told.value, css="big sim"),
        range=_range(told.span),
    )
    if direction(row.estimate, 0.0) == "open":
        sentence += Markup(" ") + c.words.html("left.open")
    rights = rights_of(c, decision, horizon, RECORD)
    listed = c.words.html("left.rights", list=c.words.listing_html(rights)) if rights else Markup("")
    return Left(flip, bool(flips), sentence, listed, force(c, decision, horizon))


def rights_of(c: Context, decision: str, horizon: int, arm: str) -> list[Markup]:
    """What a response did beside homicides, under the default reading, as far as it was asked."""
    rights = []
    for name in RIGHTS_TOLD:
        other = c.contrasts.get((decision, horizon, arm, "default", name))
        outcome = c.outcomes.get(name)
        if other is None or outcome is None or other.status != "ok":
            continue
        value = c.fmt.estimate(other.estimate, kind_of(outcome.unit), signed=True)
        rights.append(
            Markup("{} {}").format(
                contrast_number(c, other, value.value, css="sim"), c.words.inside(outcome.label.of(c.lang))
            )
        )
    return rights


def force(c: Context, decision: str, horizon: int) -> Markup:
    """That the comparison includes the state's later force; the same without it, where that was run."""
    later = c.inputs.later_force
    if later is None:
        return Markup("")
    since = [
        c.words.text("left.force.since", lever=c.words.inside(label.of(c.lang)), month=c.fmt.month(day))
        for label, day in later.levers
    ]
    told = c.words.html(c.against("left.force"), list=", ".join(since), reference=c.reference)
    row = c.contrasts.get((decision, horizon, later.arm, "default", "homicides"))
    if row is None or row.status != "ok":
        return told
    number = c.fmt.estimate(row.estimate, signed=True)
    across, flips = c.across_readings(decision, horizon, later.arm, "homicides"), c.flips(decision, horizon, later.arm)
    told += Markup(" ") + c.words.html(
        "left.force.alone",
        signs=c.words.text("left.force.flip" if flips else "left.force.same", k=len(flips), n=len(across)),
        d=contrast_number(c, row, number.value, css="sim"),
        range=_range(number.span),
        list=c.words.listing_html(rights_of(c, decision, horizon, later.arm)),
    )
    return told


def _range(span: str) -> Markup:
    return Markup('<span class="range">{}</span>').format(span)


def render(c: Context) -> Markup:
    """Title, three labelled sentences, the small chart and what the page rests on."""
    shown = [row for row in c.inputs.observations if row.use in ("fit", "score")]
    return c.html(
        "three_sentences.html.j2",
        section=SECTION,
        bought=bought(c),
        cost=cost(c),
        left=left(c),
        chart=as_it_happened(c.inputs, c.words, c.fmt, small=True),
        counts=c.book.num("counts", c.fmt.number(len(shown)), lambda: counts_card(c), css="observed"),
    )


SECTION = Section(
    1,
    "summary",
    "report.title",
    "short.summary",
    render,
    needs=(
        Need("observations", "what.observations"),
        Need("contrasts", "what.contrasts", "tregua compare"),
    ),
)
