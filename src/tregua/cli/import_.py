"""``tregua import``: bring your own counts into a case, and say what the table does not say of itself."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from tregua.cli.option import Json, Lang
from tregua.cli.phrase import phrase
from tregua.cli.screen import Screen
from tregua.errors import UsageError

REVISION_ES = {
    "primero": "first",
    "primer": "first",
    "preliminar": "preliminary",
    "revisado": "revised",
    "definitivo": "final",
    "no_se_sabe": "unclear",
    "no_claro": "unclear",
}
_COLUMNS = ("date", "start", "end", "year", "month", "count", "area", "institution")


def import_(
    table: Annotated[Path, typer.Argument(help="Your table: .xlsx, .csv, .tsv or .txt.")],
    case: Annotated[str, typer.Argument(help="The case folder that takes it.")],
    institution: Annotated[
        str | None, typer.Option("--institution", help="Who counted: a body, never a person.")
    ] = None,
    source: Annotated[str | None, typer.Option("--source", help="Key of the source in sources.csv.")] = None,
    citation: Annotated[
        str | None, typer.Option("--citation", help="Citation of a source that the case does not have yet.")
    ] = None,
    address: Annotated[str, typer.Option("--address", help="Its address.")] = "",
    revision: Annotated[
        str | None, typer.Option("--revision", help="first, preliminary, revised, final or unclear.")
    ] = None,
    measure: Annotated[str, typer.Option("--measure", help="What is counted.")] = "homicides",
    use: Annotated[
        str, typer.Option("--use", help="fit, score or alternative; decided by the fit window without it.")
    ] = "",
    sheet: Annotated[str, typer.Option("--sheet", help="Sheet of a workbook.")] = "",
    year: Annotated[
        int | None, typer.Option("--year", min=1800, max=2200, help="Year of months that stand without one.")
    ] = None,
    dates: Annotated[str, typer.Option("--dates", help="Order of day and month, dmy or mdy.")] = "",
    decimal: Annotated[str, typer.Option("--decimal", help="Decimal sign, comma or point.")] = "",
    daily: Annotated[
        bool | None, typer.Option("--daily/--not-daily", help="The numbers are means a day, or are not.")
    ] = None,
    events: Annotated[bool, typer.Option("--events", help="Each row is one death.")] = False,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            help="Which column is which: date=TITLE, count=TITLE, area, institution, start, end; repeat it.",
        ),
    ] = None,
    name: Annotated[
        str, typer.Option("--name", help="Name of the file in series/; that of the table by default.")
    ] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite figures of that name.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and write nothing.")] = False,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Bring your own counts into a case: CSV or Excel, Spanish or English, months across, long, or daily means."""
    from tregua.case.intake import REVISIONS, Provenance, bring, case_of, source_key
    from tregua.case.layout import Hints, understand
    from tregua.case.spreadsheet import read_sheet

    screen = Screen(lang, as_json=as_json)
    hints = Hints(year, _word(dates, "--dates", ("dmy", "mdy")), _sign(decimal), daily, events, _columns(column))
    case_of(case)
    lacking = {"--institution": institution, "--source": source or citation, "--revision": revision}
    missing = [option for option, given in lacking.items() if not given]
    if missing:
        # A table that cannot be read is told before anything is asked about it.
        understand(read_sheet(table, sheet), hints)
    if missing and (as_json or not sys.stdin.isatty()):
        raise UsageError(
            "a table does not say this of itself, and a case must know it",
            key=", ".join(missing),
            found="nothing",
            allowed=f"--institution BODY, --source KEY or --citation TEXT, --revision {'|'.join(REVISIONS)}",
            mend="give them; on a terminal tregua import asks",
        )
    if not institution:
        institution = _ask(screen, "import.ask.institution", _body)
    if not (source or citation):
        citation = _ask(screen, "import.ask.citation", str.strip)
        source = _ask(screen, "import.ask.source", _key, source_key(citation))
    if not revision:
        revision = _ask(screen, "import.ask.revision", _revision, phrase("import.unclear", lang))
    key = source or source_key(citation or "")
    provenance = Provenance(institution, key, _revision(revision), citation or "", address)
    intake = bring(
        table, case, provenance, hints=hints, sheet=sheet, measure=measure, use=use, name=name, replace=replace
    )
    if not dry_run:
        intake.write()
    uses = {word: intake.of_use(word) for word in ("fit", "score", "alternative", "excluded")}
    notes = [note[lang == "es"] for note in intake.notes]
    if as_json:
        screen.json(
            {
                "file": intake.file,
                "written": not dry_run,
                "layout": intake.understood.layout,
                "rows": len(intake.rows),
                "start": str(intake.span.start),
                "end": str(intake.span.end),
                "total": intake.national,
                "places": list(intake.understood.areas),
                "uses": uses,
                "notes": notes,
            }
        )
    screen.say(
        phrase(
            "import.read",
            lang,
            file=table.name,
            layout=phrase(f"import.layout.{intake.understood.layout}", lang),
            n=len(intake.understood.figures),
            start=intake.span.start,
            end=intake.span.end,
            total=f"{intake.national:,}",
        )
    )
    if len(intake.understood.areas) > 1:
        screen.say("  " + phrase("import.places", lang, n=len(intake.understood.areas)))
    screen.say("  " + phrase("import.uses", lang, **uses))
    for note in notes:
        screen.say("  " + phrase("import.note", lang, text=note), indent="    ")
    done = "import.would" if dry_run else "import.wrote"
    screen.say(phrase(done, lang, file=intake.folder / intake.file, case=case))


def _ask(screen: Screen, key: str, read: Callable[[str], str], default: str | None = None) -> str:
    """What the person answers; a bad answer is told and asked again."""
    while True:
        text = typer.prompt(phrase(key, screen.lang), default=default)
        try:
            return read(text)
        except UsageError as error:
            screen.problems(error.problems)


def _body(text: str) -> str:
    from tregua.case.names import looks_like_a_name

    if looks_like_a_name(text.lower()):
        raise UsageError("looks like a person's name (not repeated here)", key="--institution", found="",
                         allowed="a body, such as police or Instituto de Medicina Legal",
                         mend="write the body that counted; a case never holds names")  # fmt: skip
    return text.strip()


def _key(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}", text):
        raise UsageError("a key of a source cannot be written so", key="--source", found=text[:80],
                         allowed="letters, digits, _ . and -", mend="for example PNC2014")  # fmt: skip
    return text


def _revision(text: str) -> str:
    """A revision, in either language."""
    from tregua.case.intake import REVISIONS
    from tregua.series.written import plain

    word = plain(text)
    found = REVISION_ES.get(word, word)
    if found not in REVISIONS:
        raise UsageError("no such revision", key="--revision", found=text[:80], allowed=", ".join(REVISIONS),
                         mend="say unclear if it is")  # fmt: skip
    return found


def _word(text: str, option: str, allowed: Sequence[str]) -> str:
    if text and text not in allowed:
        raise UsageError("the option does not take this word", key=option, found=text, allowed=", ".join(allowed),
                         mend="use one of these")  # fmt: skip
    return text


def _sign(text: str) -> str:
    return _word({"comma": ",", "point": ".", "coma": ",", "punto": "."}.get(text, text), "--decimal", (",", "."))


def _columns(values: Sequence[str] | None) -> dict[str, str]:
    out: dict[str, str] = {}
    for value in values or ():
        known, sign, title = value.partition("=")
        if known.strip() not in _COLUMNS or not sign or not title.strip():
            raise UsageError(
                "a column is not written as NAME=TITLE",
                key="--column",
                found=value,
                allowed=", ".join(f"{name}=TITLE" for name in _COLUMNS),
                mend='for example --column "count=Total víctimas"',
            )
        out[known.strip()] = title.strip()
    return out
