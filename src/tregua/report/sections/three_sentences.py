"""Section 1: what the truce bought, cost and left, in three sentences with their slots filled from runs and counts."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from tregua.report.cards import contrast_number, counts_card, estimate_card, ratio_card
from tregua.report.charts import as_it_happened
from tregua.report.format import kind_of
from tregua.report.inputs import Estimate
from tregua.report.section import Context, Need, Section

RECORD = "as_it_happened"
RIGHTS_TOLD = ("deaths_by_state", "arrests_wrongful", "extortion_paid")


@dataclass(frozen=True)
class Left:
    """The third sentence: the flip before the number, rights in the same breath."""

    flip: Markup
    flipped: bool
    sentence: Markup
    rights: Markup


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
    told = c.words.html(c.against("bought.sentence"), ratio=ratio, change=change, date=c.fmt.day(head.truce.start))
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
            c.words.html(f"cost.payments.{direction(head.payments, 1.0)}", ratio=number, range=_range(rounded.span))
        )
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


def command_number(c: Context, when: str, value: Estimate, css: str) -> Markup:
    """Leaders' command at the break, or at its highest in the truce."""
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
    rights = []
    for name in RIGHTS_TOLD:
        other = c.contrasts.get((decision, horizon, RECORD, "default", name))
        outcome = c.outcomes.get(name)
        if other is None or outcome is None or other.status != "ok":
            continue
        value = c.fmt.estimate(other.estimate, kind_of(outcome.unit), signed=True)
        rights.append(
            Markup("{} {}").format(
                contrast_number(c, other, value.value, css="sim"), c.words.inside(outcome.label.of(c.lang))
            )
        )
    listed = c.words.html("left.rights", list=c.words.listing_html(rights)) if rights else Markup("")
    return Left(flip, bool(flips), sentence, listed)


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
