"""``tregua cite``: how to cite a result, with the papers and sources that it rests on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tregua.cli import DEFAULT_CASE
from tregua.cli.option import Lang, Out
from tregua.cli.phrase import phrase
from tregua.cli.screen import Screen
from tregua.errors import UsageError

if TYPE_CHECKING:
    from tregua.ledger.source import Source

FORMATS = ("text", "bibtex", "csl-json")


def cite(
    case: Annotated[str, typer.Argument(help="A case folder, or the id of a bundled case.")] = DEFAULT_CASE,
    format: Annotated[str, typer.Option("--format", help="text, bibtex or csl-json.")] = "text",
    out: Out = None,
    lang: Lang = "en",
) -> None:
    """The software, the run, the papers behind its methods, and every source of its figures and claims."""
    from tregua.case.load import load_case
    from tregua.report.citation import cite as citation_of

    if format not in FORMATS:
        raise UsageError(
            "no such format", key="--format", found=format, allowed=", ".join(FORMATS), mend="choose one of them"
        )
    loaded = load_case(case)
    found = citation_of(loaded, (Path(out) if out else Path("out")) / loaded.id)
    screen = Screen(lang)
    if format != "text":
        screen.page(found.bibtex() if format == "bibtex" else found.csl_json())
        return
    screen.say(phrase("cite.software", lang), "bold")
    screen.say("  " + in_words(found.software, lang), indent="    ")
    run = found.run
    if run.updated:
        seeds = ", ".join(map(str, run.seeds))
        screen.say("  " + phrase("cite.run", lang, seeds=seeds, when=run.updated[:10]), indent="    ")
        for command in run.commands[:6]:
            screen.say(f"  $ {command}", indent="    ")
    else:
        screen.say("  " + phrase("cite.no_run", lang, case=case), indent="    ")
    title = loaded.title_es if lang == "es" else loaded.title_en
    for key, sources in (("cite.papers", found.papers), ("cite.sources", found.sources)):
        screen.say()
        screen.say(phrase(key, lang, n=len(sources), case=title), "bold")
        for source in sources:
            screen.say("  " + in_words(source, lang), indent="    ")
    screen.say()
    screen.say(phrase("cite.claims", lang), "dim")
    screen.harm()


def in_words(source: Source, lang: str) -> str:
    """One source as a line: authors, year, title, where, and how to find it."""
    authors = "; ".join(phrase("cite.others", lang) if name == "others" else name for name in source.authors)
    who = authors or ("" if source.publisher == "unknown" else source.publisher)
    where = source.container or ("" if not authors or source.publisher == "unknown" else source.publisher)
    if source.volume:
        where += f" {source.volume}" + (f"({source.issue})" if source.issue else "")
    if source.pages:
        where += f", {source.pages}"
    place = f"doi:{source.doi}" if source.doi else source.address
    year = f"({source.year or phrase('cite.undated', lang)})"
    # The program is dated by its version where no results are.
    head = who if source.kind == "software" and not source.year else f"{who} {year}".lstrip()
    parts = [part for part in (head, source.title, where, place) if part]
    told = [part if part.endswith((".", "?", "!")) else f"{part}." for part in parts[:-1]]
    return " ".join((f"[{source.key}]", *told, parts[-1]))
