"""The box of a claim: asserter and status before what it says, reply and outcome inside, and six stops from it."""

from __future__ import annotations

from markupsafe import Markup, escape

from tregua.report.cards import plain_claim_link
from tregua.report.inputs import Bearing, Beside, ClaimView, Pattern
from tregua.report.num import STOPS, Card, Stop
from tregua.report.section import Context, slug

SERIES_KINDS = ("observation", "pattern")
MODEL_KINDS = ("mechanism", "parameter", "lever")
OTHER_KINDS = ("reading", "arm", "outcome", "guard_rail")
COUNTED = "homicides"
"""The series whose counts stand in a table of the page."""
BORDERS = ("charged", "listed", "dropped", "dismissed_without_prejudice")
"""Legal states that decide the form of the border, before the way a thing was said does."""


def claim_box(c: Context, claim: ClaimView) -> Markup:
    """A claim as a card that is also a box in the list of all claims."""
    card = Card(
        claim.id,
        claim.id,
        (
            numbers_stop(c, claim),
            Stop(effect(c, claim)),
            bearing_stop(c, claim, SERIES_KINDS, "series"),
            Stop(c.html("claim_disputes.html.j2", claim=claim, sides=sides(claim), link=plain_claim_link)),
            bearing_stop(c, claim, (*MODEL_KINDS, *OTHER_KINDS), "mechanism"),
            runs_stop(c, claim),
        ),
    )
    return c.html(
        "claim.html.j2", claim=claim, card=card, names=STOPS, link=plain_claim_link, border=border(claim), said=said
    )


def said(c: Context, claim: ClaimView) -> Markup:
    """The source of a claim, as a link to its citation where the page holds it, and the place in it."""
    known = {source.key for source in c.inputs.sources}
    place = claim.place.of(c.lang)
    if claim.source_key not in known:
        return Markup("{} {}").format(claim.source.of(c.lang), place)
    return Markup('<a href="#{}">{}</a> {}').format(
        c.ident(f"source-{claim.source_key}"), c.inputs.named([claim.source_key]), place
    )


def border(claim: ClaimView) -> str:
    """Which form of border a box has: that of the legal state, else of the first part that is more than a report."""
    for part in claim.parts:
        if part.legal in BORDERS:
            return "dropped" if part.legal.startswith("d") else "charged"
    return next((part.kind for part in claim.parts if part.kind != "reported"), "reported")


def effect(c: Context, claim: ClaimView) -> Markup:
    """What it tells between readings; for a claim about a person, that it is never evaluated."""
    told = [claim.tells.of(c.lang)] if claim.tells.of(c.lang) else []
    if claim.not_valued.of(c.lang):
        told.append(f"{claim.not_valued.of(c.lang)}.")
    return Markup("<p>{}</p>").format(" ".join(told) if told else c.words.text("stop.effect.claim"))


def sides(claim: ClaimView) -> tuple[tuple[str, tuple[Beside, ...], bool], ...]:
    """Claims that stand around this one, by how: key of the locale, rows, whether their words stand here too.

    Who disputes is quoted; who supports or follows is named with the reason and read in its own box. Replies stand in
    the box itself.
    """
    found = (
        ("claim.contradicted", claim.contradicted_by, True),
        ("claim.qualified", claim.qualified_by, True),
        ("claim.supported", claim.supported_by, False),
        ("claim.followed", claim.followed_by, False),
    )
    return tuple(one for one in found if one[1])


def numbers_stop(c: Context, claim: ClaimView) -> Stop:
    """Every number that rests on it, as links to their cards."""
    cards = [c.book.cards[name] for name in c.book.rests.get(claim.id, ())]
    if not cards:
        return Stop(c.words.html("stop.number.claim"), applies=False)
    groups: dict[str, list[Markup]] = {}
    for card in cards:
        link = Markup('<a href="#{}">{}</a>').format(c.book.card_id(card.id), card.short or card.title)
        groups.setdefault(card.group, []).append(link)
    lines = [
        Markup("<li>{}{}</li>").format(f"{name}: " if name else "", Markup(", ").join(links))
        for name, links in groups.items()
    ]
    return Stop(Markup("<ul>{}</ul>").format(Markup("").join(lines)))


def bearing_stop(c: Context, claim: ClaimView, kinds: tuple[str, ...], stop: str) -> Stop:
    """What it bears on, by kind, as links where the page holds the thing."""
    groups: dict[str, tuple[str, list[Markup]]] = {}
    for bearing in claim.bears_on:
        if bearing.kind in kinds:
            groups.setdefault(bearing.kind, (bearing.word.of(c.lang), []))[1].append(bearing_link(c, bearing))
    if not groups:
        none = claim.no_home.of(c.lang) if stop == "mechanism" else ""
        return Stop(Markup(escape(none)) if none else c.words.html(f"stop.{stop}.claim"), applies=False)
    lines = [Markup("<li>{}: {}</li>").format(word, Markup(", ").join(links)) for word, links in groups.values()]
    return Stop(Markup("<ul>{}</ul>").format(Markup("").join(lines)))


def bearing_link(c: Context, bearing: Bearing) -> Markup:
    """One thing that a claim bears on."""
    anchor, words = "", Markup(escape(bearing.id))
    if bearing.id == "*":
        return c.words.html("claim.every")
    if bearing.kind == "pattern":
        tried = [pattern for pattern in c.inputs.patterns if pattern.family == bearing.id]
        return Markup(", ").join(pattern_link(c, pattern) for pattern in tried) if tried else words
    if bearing.kind == "observation":
        anchor = c.ident("counts") if bearing.id == COUNTED and c.inputs.observations else ""
    elif bearing.kind == "mechanism":
        known = any(mechanism.id == bearing.id for mechanism in c.inputs.mechanisms)
        anchor = c.ident(f"mechanism-{bearing.id}") if known else ""
    elif bearing.kind == "parameter":
        known = any(bearing.id in mechanism.parameters for mechanism in c.inputs.mechanisms)
        held = any(parameter.name == bearing.id for parameter in c.inputs.parameters)
        anchor = c.ident(f"parameter-{bearing.id}") if known and held else ""
    elif bearing.kind == "reading":
        words = Markup(escape(c.words.text("quote", text=c.reading_label(bearing.id))))
    elif bearing.kind == "arm":
        words = Markup(escape(c.words.inside(c.arm_label(bearing.id))))
    elif bearing.kind == "guard_rail":
        anchor, words = c.ident("limits"), Markup(escape(bearing.label.of(c.lang) or bearing.id))
    return Markup('<a href="#{}">{}</a>').format(anchor, words) if anchor else words


def pattern_link(c: Context, pattern: Pattern) -> Markup:
    """A pattern as a link to its card, or to its row where it was not run and has no number."""
    card = slug(f"p-{pattern.id}")
    anchor = c.book.card_id(card) if card in c.book.cards else c.ident(f"pattern-{pattern.id}")
    return Markup('<a href="#{}">{}</a>').format(anchor, pattern.id)


def runs_stop(c: Context, claim: ClaimView) -> Stop:
    """The runs that its patterns and numbers come from; none where it bears on nothing that was run."""
    if not c.book.rests.get(claim.id):
        return Stop(c.words.html("stop.runs.claim"), applies=False)
    return Stop(c.html("card_runs.html.j2", p=c.inputs.provenance))
