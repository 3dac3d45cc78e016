"""``tregua ledger``: who said what, who denies it, and what rests on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperGroup

from tregua.cli.option import Json, Lang, Out, listed
from tregua.cli.screen import ID_STYLE, Cell, Column, Screen
from tregua.errors import TreguaError, UsageError

if TYPE_CHECKING:
    from tregua.ledger import Claim, Contrast, Foundation, Ledger, Rests
    from tregua.ledger.leave_out import Move
    from tregua.ledger.view import Beside, ClaimView

DEFAULT_CASE: Final = "el_salvador_2012"
CASES: Final = Path(__file__).resolve().parent.parent / "cases"
USER_CAN_MEND: Final = 1

BESIDE: Final = ("homicides", "deaths_by_state", "arrests_wrongful", "extortion_paid", "votes_deliverable")
"""Outcomes that are always told together."""

VALUES: Final = ("q50", "median", "value")
"""Columns that may hold a contrast, the first one found counts."""

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "id": ("id", "id"),
    "status": ("status", "estado"),
    "asserter": ("who says it", "quién lo dice"),
    "source_of": ("source: claims, key", "fuente: afirmaciones, clave"),
    "kind_of": ("kind of statement: claims, id", "clase de declaración: afirmaciones, id"),
    "next.voice": (
        "Next: tregua ledger rests-on ID, or tregua ledger leave-out ID",
        "Sigue: tregua ledger rests-on ID, o tregua ledger leave-out ID",
    ),
    "says": ("what is said", "qué se dice"),
    "against": ("against it", "en contra"),
    "replies": ("replies", "respuestas"),
    "contradicted": ("contradicted by", "contradicho por"),
    "kind": ("kind", "clase"),
    "claims": ("claims", "afirmaciones"),
    "found": ("{n} of {total} claims", "{n} de {total} afirmaciones"),
    "none": ("No claim matches.", "Ninguna afirmación coincide."),
    "next.show": ("Next: tregua ledger show {id}", "Sigue: tregua ledger show {id}"),
    "disputed": ("{n} of {total} claims are in dispute.", "{n} de {total} afirmaciones están en disputa."),
    "rests.head": ("What rests on {what} {id}", "Lo que se apoya en {what} {id}"),
    "rests.claims": ("{n} claims fall with it: {ids}", "{n} afirmaciones caen con ello: {ids}"),
    "rests.nothing": ("No claim falls with it.", "Ninguna afirmación cae con ello."),
    "rests.touched": ("shortened, and still standing: {ids}", "acortadas, y aún en pie: {ids}"),
    "rests.joint": (
        "said together with others, and still standing: {ids}",
        "dichas junto con otras voces, y aún en pie: {ids}",
    ),
    "rests.contested": ("in dispute among them: {ids}", "en disputa entre ellas: {ids}"),
    "alone": ("on this alone", "solo en esto"),
    "shared": ("with others", "con otras voces"),
    "alone.none": (
        "Nothing in the model rests on this alone.",
        "Nada en el modelo se apoya solo en esto.",
    ),
    "foundation.head": ("What {kind} {id} rests on", "En qué se apoya {kind} {id}"),
    "foundation.for": ("for it", "a favor"),
    "foundation.against": ("against it", "en contra"),
    "foundation.neutral": ("either way", "sin inclinar"),
    "foundation.none": ("No claim stands behind it.", "Ninguna afirmación está detrás."),
    "claim": ("the claim", "la afirmación"),
    "source": ("the source", "la fuente"),
    "sayer": ("the word of", "la palabra de"),
    "statements": ("statements of kind", "las declaraciones de clase"),
    "coverage.total": (
        "{claims} claims, {sources} sources, {relations} relations, {links} links",
        "{claims} afirmaciones, {sources} fuentes, {relations} relaciones, {links} vínculos",
    ),
    "supported": ("with a claim", "con afirmación"),
    "assumed": ("assumed", "supuesto"),
    "hole": ("hole", "hueco"),
    "coverage.homeless": (
        "{n} claims have no place in the model, with a reason: {ids}",
        "{n} afirmaciones no tienen lugar en el modelo, con una razón: {ids}",
    ),
    "coverage.complete": (
        "No unexplained hole in either direction.",
        "Ningún hueco sin explicar en ninguna dirección.",
    ),
    "coverage.holes": ("{n} holes without a reason:", "{n} huecos sin razón:"),
    "coverage.unchecked": (
        "Not checked, because this case does not declare them: {kinds}",
        "Sin comprobar, porque este caso no los declara: {kinds}",
    ),
    "coverage.single": ("Rests on one asserter", "Se apoya en una sola voz"),
    "coverage.more": (
        "--full lists every assumption with its rationale",
        "--full enumera cada supuesto con su razón",
    ),
    "matrix.head": (
        "C fits, I does not fit, · open. A claim that fits every reading discriminates nothing.",
        "C encaja, I no encaja, · abierto. Una afirmación que encaja con todas no distingue nada.",
    ),
    "matrix.pairs": ("pairs", "pares"),
    "matrix.person": ("person", "persona"),
    "matrix.all": (
        "Tell nothing between readings, because they fit all: {ids}",
        "No dicen nada entre lecturas, porque encajan con todas: {ids}",
    ),
    "matrix.note": (
        "Cells are not summed: a reading has no score. pairs: pairs of readings told apart; no number is attached to a "
        "claim about a person.",
        "Las celdas no se suman: una lectura no tiene puntaje. pares: pares de lecturas que se distinguen; a una "
        "afirmación sobre una persona no se le pone número.",
    ),
    "matrix.needs": (
        "the readings of this case are not known",
        "no se conocen las lecturas de este caso",
    ),
    "out.head": ("Without {what}", "Sin {what}"),
    "out.fallen": ("{n} of {total} claims fall", "caen {n} de {total} afirmaciones"),
    "out.lost": ("lose every claim", "pierden toda afirmación"),
    "out.sizes": (
        "parameters of which no claim gives the size any longer",
        "parámetros cuyo tamaño ya no da ninguna afirmación",
    ),
    "out.readings": ("readings that nobody speaks for any longer", "lecturas por las que ya nadie habla"),
    "out.unanswered": (
        "claims that nobody answers any longer (leaving a voice out can silence a denial)",
        "afirmaciones a las que ya nadie responde (omitir una voz puede callar una negación)",
    ),
    "out.nothing": ("nothing", "nada"),
    "out.moves": (
        "Range of the contrast over readings, before and after",
        "Rango del contraste entre lecturas, antes y después",
    ),
    "out.no_moves": (
        "No contrast moves, because no reading falls away.",
        "Ningún contraste se mueve, porque no cae ninguna lectura.",
    ),
    "out.same_range": (
        "A reading falls away and no contrast moves: among the {n} readings that were run, others reach as far.",
        "Cae una lectura y ningún contraste se mueve: entre las {n} lecturas corridas, otras llegan igual de lejos.",
    ),
    "out.all_fell": (
        "Every reading that was run falls away: nothing is left to compare.",
        "Caen todas las lecturas corridas: no queda nada que comparar.",
    ),
    "out.no_runs": (
        "No contrasts here yet: tregua compare makes them, --contrasts names a file of them.",
        "Aún no hay contrastes aquí: los hace tregua compare; --contrasts nombra un archivo con ellos.",
    ),
    "arm": ("response", "respuesta"),
    "decision": ("decision", "decisión"),
    "outcome": ("outcome", "resultado"),
    "before": ("before", "antes"),
    "after": ("after", "después"),
    "years": ("years", "años"),
    "flip_gone": ("no longer changes sign", "ya no cambia de signo"),
    "sealed.nothing": ("Nothing is new: {path} stays as it is", "No hay nada nuevo: {path} queda como está"),
    "sealed.one": ("Sealed 1 new entry in {path}", "Sellada 1 entrada nueva en {path}"),
    "sealed": ("Sealed {n} new entries in {path}", "Selladas {n} entradas nuevas en {path}"),
    "wrote": ("Wrote {path}", "Se escribió {path}"),
    "notice": (
        "Attributed statements, not findings; about no person: RESPONSIBLE_USE.md",
        "Afirmaciones atribuidas, no conclusiones; sobre ninguna persona: RESPONSIBLE_USE.md",
    ),
}

Case = Annotated[str, typer.Option("--case", help="A case folder, or the id of a bundled case.")]
Full = Annotated[bool, typer.Option("--full", help="Everything, with the reasoning.")]

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Who said what, who denies it, and what rests on it.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback()
def hand_language_on(context: typer.Context, lang: Lang = "en") -> None:
    """Who said what, who denies it, and what rests on it."""
    # A language given before the command is the default of every command below it.
    if isinstance(context.command, TyperGroup):
        context.default_map = {name: {"lang": lang} for name in context.command.commands}


def say(key: str, lang: str, **slots: object) -> str:
    """A sentence of these commands in one language."""
    return TEXTS[key][lang == "es"].format(**slots)


def ledger_folder(case: str) -> Path:
    """Ledger folder of a case: a bundled id, a case folder, or the ledger folder itself."""
    given = Path(case)
    for folder in (given / "ledger", CASES / case / "ledger"):
        if folder.is_dir():
            return folder
    return given if any(given.glob("*.toml")) and not (given / "case.toml").exists() else given / "ledger"


def declared_ids(case: str) -> dict[str, tuple[str, ...]]:
    """Ids that links may point to, from the model and, where the case can be read, from the case.

    Returns
    -------
    dict
        Kind -> ids in their fixed order. Readings and arms are absent where the folder holds no valid case.
    """
    from tregua.case.declared import declared_ids as declared

    try:
        from tregua.case.load import load_case

        loaded = load_case(case)
    except TreguaError:
        return declared()
    arms = (arm for decision in loaded.decisions.values() for arm in decision.arms)
    return declared(loaded.readings, arms, (o.id for o in loaded.observations))


def _read(case: str) -> Ledger:
    from tregua.ledger import load_ledger

    return load_ledger(ledger_folder(case))


def _readings(case: str, lang: str) -> tuple[str, ...]:
    readings = declared_ids(case).get("reading", ())
    if not readings:
        raise UsageError(
            say("matrix.needs", lang), key="--case", found=case, allowed="a valid case",
            mend="tregua check tells what is wrong with it",
        )  # fmt: skip
    return readings


@app.command()
def show(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Claims, for example C09.")],
    full: Full = False,
    case: Case = DEFAULT_CASE,
    as_json: Json = False,
    lang: Lang = "en",
) -> None:
    """One claim with its status, replies, outcome and what it bears on."""
    from tregua.ledger import render_claim

    ledger = _read(case)
    screen = Screen(lang, as_json=as_json)
    views = [render_claim(ledger, id, lang) for id in ids]
    if as_json:
        screen.json({"claims": [view_json(view) for view in views]})
        return
    for number, view in enumerate(views):
        if number:
            screen.say()
        _show_claim(screen, view, full=full)
    screen.note(say("notice", lang), "dim")


def _show_claim(screen: Screen, view: ClaimView, *, full: bool) -> None:
    from tregua.ledger.wording import TEXTS as WORDS

    lang = view.lang

    def word(key: str) -> str:
        return WORDS[key][lang]

    screen.say(
        f"{view.id}  {' · '.join(view.chips).upper()}  {word('by')} {view.asserter}, {word('about')} {view.subject}, "
        f"{word('asserted')}: {view.asserted}, {word('source').lower()} {view.source_key} {view.place}, "
        f"{word('grade')} {view.grade}",
        indent="     ",
    )
    screen.say(f"  {view.sentence}", indent="  ")
    width = max(len(word(key)) for key in ("reply", "outcome", "tells", "bears_on", "contradicts", "qualifies"))

    def row(label: str, text: str) -> None:
        screen.say(f"  {label.upper():<{width}}  {text}", indent=" " * (width + 4))

    def beside(key: str, others: Sequence[Beside]) -> None:
        for number, other in enumerate(others):
            text = f"{other.id}  {' · '.join(other.chips).upper()}  {other.full}"
            row(word(key) if number == 0 else "", text if not (full and other.why) else f"{text} ({other.why})")

    beside("reply", view.replies)
    if view.reply_note:
        row(word("reply"), view.reply_note)
    beside("contradicts", view.contradicted_by)
    beside("qualifies", view.qualified_by)
    beside("outcome", view.outcomes)
    if view.outcome_note:
        row(word("outcome"), view.outcome_note)
    row(word("tells"), view.tells)
    if view.not_valued and full:
        row("", view.not_valued)
    row(word("source"), view.source)
    if full:
        row(word("grade"), f"{view.grade}: {view.grade_words}; {word('graded_by')} {view.grader}")
        row(word("period"), view.period)
        for bears in view.bears_on:
            row(
                word("bears_on") if bears is view.bears_on[0] else "",
                f"{bears.word} {bears.id}: {bears.direction}. {bears.why}",
            )
    elif view.bears_on:
        row(word("bears_on"), " · ".join(_grouped(view)))
    if view.no_home:
        row(word("no_home"), view.no_home)


def _grouped(view: ClaimView) -> list[str]:
    found: dict[str, list[str]] = {}
    for bears in view.bears_on:
        if bears.kind != "reading":
            found.setdefault(bears.word, []).append(bears.id)
    return [f"{word} {', '.join(ids)}" for word, ids in found.items()]


def view_json(view: ClaimView) -> dict[str, Any]:
    """A claim view as plain data, keys stable."""
    from dataclasses import asdict

    return {**asdict(view), "chips": list(view.chips), "sentence": view.sentence, "box": view.box}


@app.command()
def search(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD...]", help="All must occur; accents do not matter.")
    ] = None,
    asserter: Annotated[list[str] | None, typer.Option("--asserter", help="Said by this role.")] = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Put in this way: alleged, opinion ...")] = None,
    source: Annotated[list[str] | None, typer.Option("--source", help="In this source.")] = None,
    case: Case = DEFAULT_CASE,
    as_json: Json = False,
    lang: Lang = "en",
) -> None:
    """Claims with these words; all claims without any."""
    ledger = _read(case)
    screen = Screen(lang, as_json=as_json)
    found = list(ledger.search(" ".join(words)) if words else ledger.claims.values())
    for chosen, what in ((asserter, "asserter"), (kind, "kind"), (source, "source")):
        wanted = {_voice(ledger, what, id) for id in listed(chosen)}
        if wanted:
            found = [claim for claim in found if wanted.intersection(_facets(claim, what))]
    _claims_list(screen, ledger, [claim.id for claim in found])
    if not as_json:
        screen.say(say("found", lang, n=len(found), total=len(ledger.claims)) if found else say("none", lang))
        if found:
            screen.note(say("next.show", lang, id=found[0].id), "dim")


def _voice(ledger: Ledger, what: str, id: str) -> str:
    return ledger.voice(f"{what}:{id}")[1]


def _facets(claim: Claim, what: str) -> tuple[str, ...]:
    facets: dict[str, tuple[str, ...]] = {
        "asserter": claim.asserters,
        "kind": claim.kinds,
        "source": (claim.source,),
    }
    return facets[what]


def _claims_list(screen: Screen, ledger: Ledger, ids: Sequence[str]) -> None:
    """Claims one after another, uncut: status, sentence, and what stands against it."""
    from tregua.ledger import render_claim

    lang = screen.lang
    views = [render_claim(ledger, id, lang) for id in ids]
    if screen.as_json:
        screen.json({"claims": [view_json(view) for view in views]})
        return
    for view in views:
        screen.say_cells([Cell(view.id, ID_STYLE), Cell("  "), Cell(" · ".join(view.chips).upper(), "bold")], "     ")
        screen.say(f"     {view.sentence}", indent="     ")
        against = _against(view)
        if against:
            screen.say(f"     {say('against', lang).upper()}  {against}", indent="     ")


def _against(view: ClaimView) -> str:
    others = (*view.replies, *view.contradicted_by)
    return ", ".join(f"{other.id} {' · '.join(other.chips)}" for other in others) or view.reply_note


@app.command()
def voices(case: Case = DEFAULT_CASE, as_json: Json = False, lang: Lang = "en") -> None:
    """Who speaks in the ledger, in which sources and kinds of statement: the ids that rests-on and leave-out take."""
    from tregua.ledger.view import published

    ledger = _read(case)
    screen = Screen(lang, as_json=as_json)
    claims = ledger.claims.values()
    asserters = {role: sum(role in claim.asserters for claim in claims) for role in ledger.asserters()}
    sources = {key: sum(claim.source == key for claim in claims) for key in ledger.sources}
    kinds = Counter(kind for claim in claims for kind in claim.kinds)
    if as_json:
        screen.json({
            "asserters": [
                {"id": role, "label": ledger.roles[role].label(lang), "claims": n} for role, n in asserters.items()
            ],
            "sources": [
                {"id": key, "publisher": ledger.sources[key].publisher, "title": ledger.sources[key].title, "claims": n}
                for key, n in sources.items()
            ],
            "kinds": [{"id": kind, "claims": n} for kind, n in kinds.items()],
        })  # fmt: skip
        return
    titles = {key: f"{published(source, lang)}: {source.title}" for key, source in ledger.sources.items()}
    told = (
        ("asserter", asserters, {role: ledger.roles[role].label(lang) for role in asserters}),
        ("source_of", sources, titles),
        ("kind_of", kinds, dict.fromkeys(kinds, "")),
    )  # fmt: skip
    for number, (key, counted, names) in enumerate(told):
        if number:
            screen.say()
        screen.say(say(key, lang), "bold")
        for id, n in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
            screen.say_cells([Cell(f"  {n:>3}  "), Cell(id, ID_STYLE), Cell(f"  {names[id]}".rstrip())], " " * 7)
    screen.say()
    screen.note(say("next.voice", lang), "dim")


@app.command()
def disputed(case: Case = DEFAULT_CASE, as_json: Json = False, lang: Lang = "en") -> None:
    """Claims that somebody replies to or contradicts."""
    ledger = _read(case)
    screen = Screen(lang, as_json=as_json)
    found = ledger.disputed()
    _claims_list(screen, ledger, [dispute.claim for dispute in found])
    screen.say(say("disputed", lang, n=len(found), total=len(ledger.claims)))


@app.command("rests-on")
def rests_on(
    id: Annotated[str, typer.Argument(metavar="ID", help="prosecutors, C09, SEED, alleged, parameter:hide_truce ...")],
    case: Case = DEFAULT_CASE,
    as_json: Json = False,
    lang: Lang = "en",
) -> None:
    """What rests on a claim, a voice, a source, a kind of statement; or what something in the model rests on."""
    ledger = _read(case)
    screen = Screen(lang, as_json=as_json)
    targets = _targets(ledger, id)
    if targets:
        found = [ledger.foundation(kind, target) for kind, target in targets]
        if as_json:
            screen.json({"foundations": [_foundation_json(ledger, each, lang) for each in found]})
            return
        for number, each in enumerate(found):
            if number:
                screen.say()
            _show_foundation(screen, ledger, each)
        return
    rests = ledger.rests_on(id)
    if as_json:
        screen.json(_rests_json(rests))
        return
    _show_rests(screen, ledger, rests)


def _targets(ledger: Ledger, id: str) -> list[tuple[str, str]]:
    from tregua.ledger.claim import TARGETS

    kind, mark, name = id.partition(":")
    known = dict.fromkeys(
        [(link.kind, link.base) for link in ledger.links]
        + [(reason.kind, reason.target) for reason in ledger.assumptions]
    )
    if mark and kind in TARGETS:
        if (kind, name) not in known:
            raise UsageError(
                "the ledger says nothing about this", key="id", found=id[:60],
                allowed=f"a {kind} that a claim bears on", mend="tregua ledger coverage tells what is covered",
            )  # fmt: skip
        return [(kind, name)]
    try:
        ledger.voice(id)
    except UsageError:
        return [target for target in known if target[1] == id]
    return []


def _show_rests(screen: Screen, ledger: Ledger, rests: Rests) -> None:
    from tregua.ledger.wording import TARGET_WORDS

    lang = screen.lang
    noun = {"claim": "claim", "source": "source", "asserter": "sayer", "kind": "statements"}[rests.what]
    name = ledger.roles[rests.id].label(lang) if rests.what == "asserter" else rests.id
    screen.say(say("rests.head", lang, what=say(noun, lang), id=name))
    if not rests.claims:
        screen.say(f"  {say('rests.nothing', lang)}")
    elif rests.what != "claim":
        screen.say(f"  {say('rests.claims', lang, n=len(rests.claims), ids=_ids(rests.claims))}", indent="    ")
    if rests.touched:
        screen.say(f"  {say('rests.touched', lang, ids=_ids(rests.touched))}", indent="    ")
    if rests.joint:
        screen.say(f"  {say('rests.joint', lang, ids=_ids(rests.joint))}", indent="    ")
    if rests.contested and rests.what != "claim":
        screen.say(f"  {say('rests.contested', lang, ids=_ids(rests.contested))}", indent="    ")
    if not rests.alone:
        screen.say(f"  {say('alone.none', lang)}")
    for label, found in ((say("alone", lang), rests.alone), (say("shared", lang), rests.shared)):
        for kind, ids in found.items():
            screen.say(f"  {label.upper():<14}  {TARGET_WORDS[kind][lang]:<12} {', '.join(ids)}", indent=" " * 31)
    screen.note(say("notice", lang), "dim")


def _ids(ids: Sequence[str], most: int = 24) -> str:
    return " ".join(ids[:most]) + (f" … ({len(ids)})" if len(ids) > most else "")


def _rests_json(rests: Rests) -> dict[str, Any]:
    return {
        "what": rests.what,
        "id": rests.id,
        "claims": list(rests.claims),
        "touched": list(rests.touched),
        "joint": list(rests.joint),
        "contested": list(rests.contested),
        "alone": {kind: list(ids) for kind, ids in rests.alone.items()},
        "shared": {kind: list(ids) for kind, ids in rests.shared.items()},
    }


def _show_foundation(screen: Screen, ledger: Ledger, found: Foundation) -> None:
    from tregua.ledger import render_claim
    from tregua.ledger.wording import DIRECTION_WORDS, TARGET_WORDS
    from tregua.ledger.wording import say as word

    lang = screen.lang
    screen.say(say("foundation.head", lang, kind=TARGET_WORDS[found.kind][lang], id=found.id))
    if found.assumption is not None:
        screen.say(f"  {word('assumption', lang)} {found.assumption.why(lang)}", "yellow", indent="  ")
    if not (found.favourable or found.unfavourable or found.neutral):
        screen.say(f"  {say('foundation.none', lang)}")
    groups = (
        ("foundation.for", found.favourable), ("foundation.against", found.unfavourable),
        ("foundation.neutral", found.neutral),
    )  # fmt: skip
    for key, links in groups:
        for number, link in enumerate(links):
            view = render_claim(ledger, link.claim, lang)
            label = say(key, lang).upper() if number == 0 else ""
            against = _against(view)
            note = f" [{say('against', lang)}: {against}]" if against else ""
            screen.say(
                f"  {label:<12}  {view.id}  {' · '.join(view.chips).upper()}  {view.sentence}{note}", indent=" " * 16
            )
            screen.say(f"{' ' * 16}{DIRECTION_WORDS[link.direction][lang]}: {link.why(lang)}", "dim", indent=" " * 16)
    if found.single_asserter:
        role = ledger.roles[found.single_asserter].label(lang)
        screen.say(f"  {word('single', lang, role=role)}")


def _foundation_json(ledger: Ledger, found: Foundation, lang: str) -> dict[str, Any]:
    from tregua.ledger import render_claim

    return {
        "kind": found.kind,
        "id": found.id,
        "assumption": found.assumption.why(lang) if found.assumption else None,
        "asserters": list(found.asserters),
        "single_asserter": found.single_asserter,
        "links": [
            {
                "direction": link.direction,
                "why": link.why(lang),
                "claim": view_json(render_claim(ledger, link.claim, lang)),
            }
            for link in (*found.favourable, *found.unfavourable, *found.neutral)
        ],
    }


@app.command()
def coverage(full: Full = False, case: Case = DEFAULT_CASE, as_json: Json = False, lang: Lang = "en") -> None:
    """Claims without a place in the model, and things in the model without a claim; exit 1 on a hole."""
    from tregua.ledger.wording import TARGET_WORDS
    from tregua.ledger.wording import say as word

    ledger = _read(case)
    declared = declared_ids(case)
    problems = ledger.check(declared)
    found = ledger.coverage(declared)
    screen = Screen(lang, as_json=as_json)
    if as_json:
        screen.json({
            "complete": found.is_complete and not problems,
            "claims": found.claims, "sources": found.sources, "relations": found.relations, "links": found.links,
            "supported": found.supported, "assumed": found.assumed, "homeless": list(found.homeless),
            "single": found.single, "unchecked": list(found.unchecked),
            "problems": [problem.in_language(lang).as_dict() for problem in problems],
        })  # fmt: skip
        if problems:
            raise typer.Exit(USER_CAN_MEND)
        return
    totals = {"claims": found.claims, "sources": found.sources, "relations": found.relations, "links": found.links}
    screen.say(say("coverage.total", lang, **totals))
    holes = {kind: sum(hole.kind == kind for hole in found.holes) for kind in found.supported}
    screen.table(
        [Column(say("kind", lang), keep=True)]
        + [Column(say(key, lang), numeric=True, keep=True) for key in ("supported", "assumed", "hole")],
        [
            [TARGET_WORDS[kind][lang], str(len(ids)), str(len(found.assumed[kind])), str(holes[kind])]
            for kind, ids in found.supported.items()
        ],
    )
    if found.homeless:
        screen.say(say("coverage.homeless", lang, n=len(found.homeless), ids=_ids(found.homeless)))
    if found.unchecked:
        kinds = ", ".join(TARGET_WORDS[kind][lang] for kind in found.unchecked)
        screen.say(say("coverage.unchecked", lang, kinds=kinds), "yellow")
    screen.say()
    screen.say(f"{say('coverage.single', lang)}:")
    for role, kinds_of in found.single.items():
        texts = [f"{TARGET_WORDS[kind][lang]} {', '.join(ids)}" for kind, ids in kinds_of.items()]
        screen.say(f"  {ledger.roles[role].label(lang)}: {' · '.join(texts)}", indent="    ")
    if full:
        screen.say()
        for reason in ledger.assumptions:
            screen.say(
                f"  {TARGET_WORDS[reason.kind][lang]} {reason.target}: {word('assumption', lang)} {reason.why(lang)}",
                indent="    ",
            )
    else:
        screen.note(say("coverage.more", lang), "dim")
    screen.say()
    if problems:
        screen.say(say("coverage.holes", lang, n=len(problems)), "bold red")
        screen.problems(problems, result=True)
        raise typer.Exit(USER_CAN_MEND)
    screen.say(say("coverage.complete", lang))


@app.command()
def matrix(
    asserter: Annotated[list[str] | None, typer.Option("--without", help="Leave out an asserter.")] = None,
    case: Case = DEFAULT_CASE,
    as_json: Json = False,
    lang: Lang = "en",
) -> None:
    """Readings against claims: what tells the rival accounts apart."""
    ledger = _read(case)
    readings = _readings(case, lang)
    out = frozenset(_voice(ledger, "asserter", id) for id in listed(asserter))
    if out:
        kept = (claim.without(out) for claim in ledger.claims.values())
        ledger = ledger.keeping(claim for claim in kept if claim is not None)
    found = ledger.matrix(readings)
    screen = Screen(lang, as_json=as_json)
    if as_json:
        screen.json({
            "readings": list(found.readings),
            "columns": [
                {
                    "claim": column.claim, "asserters": list(column.asserters), "about_person": column.about_person,
                    "cells": dict(zip(found.readings, column.cells, strict=True)), "fits_all": column.fits_all,
                    "discriminates": column.discriminates, "pairs_separated": column.pairs_separated,
                }
                for column in found.columns
            ],
        })  # fmt: skip
        return
    screen.say(say("matrix.head", lang))
    for number, reading in enumerate(found.readings, 1):
        screen.say(f"  {number:>2}  {reading}")
    for role, columns in found.by_asserter().items():
        screen.say()
        screen.say(ledger.roles[role].label(lang), "bold")
        screen.say(
            "       " + " ".join(f"{n:>2}" for n in range(1, len(readings) + 1)) + f"  {say('matrix.pairs', lang)}",
            indent=" " * 8,
        )
        for column in columns:
            cells = " ".join(f"{cell if cell != 'N' else '·':>2}" for cell in column.cells)
            pairs = say("matrix.person", lang) if column.pairs_separated is None else str(column.pairs_separated)
            screen.say(f"  {column.claim:<4} {cells}  {pairs:>5}", indent=" " * 8)
    screen.say()
    screen.say(say("matrix.all", lang, ids=_ids([column.claim for column in found.all_fit])))
    screen.note(say("matrix.note", lang), "dim")


@app.command("leave-out")
def leave_out(
    voices: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="prosecutors, SEED, alleged: what rests-on takes.")
    ] = None,
    source: Annotated[list[str] | None, typer.Option("--source", help="A source, for example SEED.")] = None,
    asserter: Annotated[list[str] | None, typer.Option("--asserter", help="A role, for example prosecutors.")] = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="A kind of statement, for example alleged.")] = None,
    contrasts: Annotated[
        Path | None,
        typer.Option("--contrasts", help="CSV or Parquet of contrasts by reading; compare.csv of the case."),
    ] = None,
    horizon: Annotated[
        int | None, typer.Option("--horizon", min=1, help="Years after the decision; 5 where there are 5.")
    ] = None,
    case: Case = DEFAULT_CASE,
    out: Out = None,
    as_json: Json = False,
    lang: Lang = "en",
) -> None:
    """What is lost without a source, an asserter or a kind of statement."""
    from tregua.ledger import moves
    from tregua.ledger.wording import TARGET_WORDS

    ledger = _read(case)
    screen = Screen(lang, as_json=as_json)
    chosen: dict[str, list[str]] = {
        "source": [*listed(source)],
        "asserter": [*listed(asserter)],
        "kind": [*listed(kind)],
    }
    for id in listed(voices):
        what, name = ledger.voice(id)
        if what not in chosen:
            raise UsageError(
                "a single claim is no voice", key="ID", found=id[:60], allowed="a source, an asserter or a kind",
                mend=f"tregua ledger rests-on {name} tells what rests on it",
            )  # fmt: skip
        chosen[what].append(name)
    readings = declared_ids(case).get("reading", ())
    found = ledger.leave_out(
        sources=chosen["source"], asserters=chosen["asserter"], kinds=chosen["kind"], readings=readings
    )
    rows = _contrasts(contrasts, case, out or Path("out"))
    every = moves(rows, found.readings_fallen)
    touched = {(move.arm, move.decision, move.horizon) for move in every if move.moved}
    # What a response does to homicides is never told without what it does to rights, moved or not.
    shifted = [move for move in every if (move.arm, move.decision, move.horizon) in touched]
    if as_json:
        screen.json({
            "sources": list(found.sources), "asserters": list(found.asserters), "kinds": list(found.kinds),
            "fallen": list(found.fallen), "shortened": list(found.shortened), "lost": found.lost,
            "sizes_lost": list(found.sizes_lost), "readings_fallen": list(found.readings_fallen),
            "readings_left": list(found.readings_left), "unanswered": list(found.unanswered),
            "contrasts": [_move_json(move) for move in shifted],
        })  # fmt: skip
        return
    names = [*found.sources, *(ledger.roles[role].label(lang) for role in found.asserters), *found.kinds]
    screen.say(say("out.head", lang, what=", ".join(names)), "bold")
    screen.say(
        f"  {say('out.fallen', lang, n=len(found.fallen), total=len(ledger.claims))}: {_ids(found.fallen)}",
        indent="    ",
    )
    nothing = say("out.nothing", lang)
    screen.say(f"  {say('out.lost', lang)}:{'' if found.lost else f' {nothing}'}")
    for each, ids in found.lost.items():
        screen.say(f"    {TARGET_WORDS[each][lang]:<12} {', '.join(ids)}", indent=" " * 17)
    for key, ids in (
        ("out.sizes", found.sizes_lost), ("out.readings", found.readings_fallen), ("out.unanswered", found.unanswered),
    ):  # fmt: skip
        screen.say(f"  {say(key, lang)}: {', '.join(ids) or nothing}", indent="    ")
    if not rows:
        screen.note(say("out.no_runs", lang), "dim")
    elif not shifted:
        key = "out.all_fell" if not every else "out.same_range" if found.readings_fallen else "out.no_moves"
        screen.say(say(key, lang, n=len({row.reading for row in rows})))
    else:
        _moves_table(screen, _at_horizon([move for move in shifted if move.outcome in BESIDE], horizon))
        screen.harm()


def _at_horizon(moves: Sequence[Move], asked: int | None) -> list[Move]:
    """Moves of one horizon of each decision: the one asked for, else 5 years or the last one."""
    kept = []
    for decision in dict.fromkeys(move.decision for move in moves):
        mine = [move for move in moves if move.decision == decision]
        years = sorted({move.horizon for move in mine})
        wanted = asked if asked is not None else 5 if 5 in years else years[-1]
        kept += [move for move in mine if move.horizon == wanted]
    if not kept:
        raise UsageError(
            "no contrast is read at this horizon", key="--horizon", found=asked,
            allowed=", ".join(map(str, sorted({move.horizon for move in moves}))), mend="choose one of these",
        )  # fmt: skip
    return kept


def _moves_table(screen: Screen, shifted: Sequence[Move]) -> None:
    lang = screen.lang
    screen.say(say("out.moves", lang))
    several = len({move.decision for move in shifted}) > 1
    columns = [
        *([Column(say("decision", lang), keep=True)] if several else []),
        Column(say("arm", lang), keep=True), Column(say("outcome", lang), keep=True),
        Column(say("years", lang), numeric=True, keep=True), Column(say("before", lang), numeric=True, keep=True),
        Column(say("after", lang), numeric=True, keep=True), Column(""),
    ]  # fmt: skip
    rows = [
        [
            *([move.decision] if several else []),
            move.arm,
            move.outcome,
            str(move.horizon),
            _range(move.before),
            _range(move.after),
            Cell(f"⇄ {say('flip_gone', lang)}", "yellow") if move.flip_gone else "",
        ]
        for move in shifted
    ]  # fmt: skip
    screen.table(columns, rows)


def _range(ends: tuple[float, float]) -> str:
    """A range with three digits each, never in powers of ten."""
    low, high = (float(f"{end:.3g}") for end in ends)
    return f"[{low:,.0f}; {high:,.0f}]" if max(abs(low), abs(high)) >= 100 else f"[{low:g}; {high:g}]"


def _move_json(move: Move) -> dict[str, Any]:
    return {
        "arm": move.arm, "outcome": move.outcome, "decision": move.decision, "horizon": move.horizon,
        "before": list(move.before), "after": list(move.after), "flip_gone": move.flip_gone,
    }  # fmt: skip


def _contrasts(path: Path | None, case: str, out: Path) -> list[Contrast]:
    """Contrasts by reading: those of a file, else of the store of the case, else of the table of its comparison."""
    from tregua.ledger import Contrast

    if path is None:
        kept = _stored(case, out)
        if kept:
            return kept
    wanted = path or out / Path(case).resolve().name / "tables" / "compare.csv"
    if not wanted.is_file():
        if path is None:
            return []
        raise UsageError(
            "there is no such file", key="--contrasts", found=str(path), allowed="a CSV or Parquet file",
            mend="tregua compare writes one",
        )  # fmt: skip
    found: list[Contrast] = []
    try:
        for row in _rows(wanted):
            for outcome, value, sign in _values(row):
                place = str(row["arm"]), str(row["reading"]), outcome, str(row.get("decision") or "")
                found.append(Contrast(*place, int(float(row["horizon"])), float(value), sign))
    except (KeyError, ValueError, TypeError, OSError):
        found = []
    if path is not None and not found:
        raise UsageError(
            "these are no contrasts", key="--contrasts", found=str(wanted),
            allowed="rows of arm, reading, horizon, and outcome with q50 or a column such as homicides_q50",
            mend="tregua compare writes such a file",
        )  # fmt: skip
    return found


def _stored(case: str, out: Path) -> list[Contrast]:
    """Contrasts that were run here; none where the case cannot be read, or the runs are of another model or case."""
    from tregua.case.load import load_case
    from tregua.explore.stored import stored_contrasts
    from tregua.ledger import Contrast

    try:
        loaded = load_case(case)
        found = stored_contrasts(loaded, out / loaded.id / "store", BESIDE)
    except TreguaError:
        return []
    return [
        Contrast(row.arm, row.reading, row.outcome, row.decision, row.horizon, row.median, row.sign) for row in found
    ]


def _values(row: Mapping[str, Any]) -> list[tuple[str, Any, int | None]]:
    """Outcomes, values and signs of one row: one outcome a row, or one column an outcome (``homicides_q50``)."""
    from tregua.model.outcomes import OUTCOMES

    if "outcome" in row:
        told = [(str(row["outcome"]), row[name], row.get("sign")) for name in VALUES if name in row][:1]
    else:
        columns = [outcome for outcome in OUTCOMES if f"{outcome}_q50" in row]
        told = [(outcome, row[f"{outcome}_q50"], row.get(f"{outcome}_sign")) for outcome in columns]
    unknown = (None, "", "unknown")
    return [
        (outcome, value, None if sign in unknown else int(float(sign)))
        for outcome, value, sign in told
        if value not in unknown
    ]


def _rows(path: Path) -> list[Mapping[str, Any]]:
    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            rows: list[Mapping[str, Any]] = pq.read_table(path).to_pylist()
        except pa.ArrowException as error:
            raise ValueError(str(error)) from error
        return rows
    import csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


FORMATS: Final = ("csv", "json", "json-ld", "bibtex", "csl-json")


@app.command()
def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=", ".join(FORMATS))],
    out: Annotated[
        Path | None, typer.Option("--out", help="File, or for csv a folder; standard output without it.")
    ] = None,
    case: Case = DEFAULT_CASE,
    lang: Lang = "en",
) -> None:
    """Export the ledger (csv, json, json-ld) or its sources (bibtex, csl-json)."""
    from tregua.ledger import export as exports

    if form not in FORMATS:
        raise UsageError(
            "no such format", key="FORMAT", found=form[:20], allowed=", ".join(FORMATS), mend="choose one of them"
        )
    ledger = _read(case)
    screen = Screen(lang)
    if form == "csv":
        if out is None:
            raise UsageError(
                "CSV is several files", key="--out", found="no folder", allowed="a folder",
                mend="tregua ledger export csv --out ledger_csv",
            )  # fmt: skip
        for name, text in exports.to_csv(ledger).items():
            _save(out / name, text)
        screen.note(say("wrote", lang, path=out))
        return
    text = {
        "json": lambda: exports.to_json(ledger),
        "json-ld": lambda: exports.to_json_ld(ledger, lang),
        "bibtex": lambda: exports.to_bibtex(ledger),
        "csl-json": lambda: exports.to_csl_json(ledger),
    }[form]()
    if out is None:
        screen.page(text)
    else:
        _save(out, text)
        screen.note(say("wrote", lang, path=out))


def _save(path: Path, text: str) -> None:
    if path.is_dir():
        raise UsageError(
            "the file cannot be written", key="--out", found=f"{path}: a folder", allowed="a file",
            mend="name a file in it",
        )  # fmt: skip
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            "the file cannot be written", key="--out", found=error.strerror or str(path), allowed="a place to write",
            mend="name another folder",
        ) from None  # fmt: skip


@app.command()
def seal(case: Case = DEFAULT_CASE, lang: Lang = "en") -> None:
    """Seal what is new in the ledger of a case, so that it can only grow from here."""
    from tregua.ledger.load import seal_text

    folder = ledger_folder(case)
    ledger = _read(case)
    text = seal_text(ledger)
    old = sum(len(table) for table in (ledger.seal.claims, ledger.seal.relations, ledger.seal.sources))
    new = len(ledger.claims) + len(ledger.relations) + len(ledger.sources) - old
    if new:
        _save(folder / "seal.toml", text)
    key = "sealed.nothing" if not new else "sealed.one" if new == 1 else "sealed"
    Screen(lang).say(say(key, lang, n=new, path=folder / "seal.toml"))


@app.command()
def schema(lang: Lang = "en") -> None:
    """Print a JSON Schema of the files of a ledger, for your editor."""
    from tregua.ledger.schema import json_schema

    Screen(lang).json(json_schema())
