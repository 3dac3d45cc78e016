"""``tregua new``: start a case folder that is valid from the first minute."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from tregua.cli.option import Json, Lang
from tregua.cli.phrase import phrase
from tregua.cli.screen import Screen
from tregua.errors import TreguaError, UsageError

Answer = TypeVar("Answer")


def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make; its name becomes the id.")],
    title: Annotated[str | None, typer.Option("--title", help="Name of the case, in English.")] = None,
    title_es: Annotated[
        str | None, typer.Option("--title-es", help="Name of the case, in Spanish; as in English by default.")
    ] = None,
    start: Annotated[str | None, typer.Option("--start", help="First day of the run, YYYY-MM-DD or a year.")] = None,
    end: Annotated[str | None, typer.Option("--end", help="Last day of the run, YYYY-MM-DD or a year.")] = None,
    decision: Annotated[
        str | None,
        typer.Option("--decision", help="Day on which a response is chosen: that on which the truce began."),
    ] = None,
    fit_end: Annotated[
        str | None,
        typer.Option("--fit-end", help="Last day whose figures may be fitted; the end of the next year by default."),
    ] = None,
    area: Annotated[
        list[str] | None, typer.Option("--area", help="A place, Name:population; repeat it, or join by ;")
    ] = None,
    gang: Annotated[list[str] | None, typer.Option("--gang", help="A gang; repeat it, or join by ;")] = None,
    members: Annotated[int | None, typer.Option("--members", help="Members at large at the start.")] = None,
    imprisoned: Annotated[int | None, typer.Option("--imprisoned", help="Members in prison at the start.")] = None,
    truce: Annotated[
        str | None,
        typer.Option("--truce", help="Kind of truce on record: none, secret or open; its levers are placeholders."),
    ] = None,
    truce_end: Annotated[
        str | None, typer.Option("--truce-end", help="Day on which the truce on record ended.")
    ] = None,
    no_input: Annotated[bool, typer.Option("--no-input", help="Ask nothing.")] = False,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Start a case folder that is valid from the first minute; on a terminal, what is not given is asked."""
    from tregua.case import check_case
    from tregua.case.scaffold import Sketch, new_case, refuse_place

    # Before anything is asked: answers must not be lost to a folder that cannot be made.
    refuse_place(folder)
    asking = not (no_input or as_json) and sys.stdin.isatty()

    def ask(key: str, given: str | None, option: str, read: Callable[[str], Answer], default: str | None) -> Answer:
        """What was given, else what the person answers, else the default; a bad answer is asked again."""
        if given is not None or not asking:
            text = default if given is None else given
            assert text is not None
            return read(text)
        while True:
            text = typer.prompt(phrase(f"new.ask.{key}", lang), default=default, show_default=bool(default))
            try:
                return read(text)
            except UsageError as error:
                Screen(lang).problems(error.problems)

    needed = {"--title": title, "--start": start, "--end": end, "--decision": decision}
    lacking = [option for option, value in needed.items() if value is None]
    if lacking and not asking:
        raise UsageError(
            "something that a case needs was not given",
            key=", ".join(lacking),
            found="nothing",
            allowed=", ".join(needed),
            mend='for example --title "My town" --start 2009 --end 2015 --decision 2012-03-08',
        )
    english = ask("title", title, "--title", _text, None)
    spanish = ask("title_es", title_es, "--title-es", _text, english)
    first = ask("start", start, "--start", lambda text: read_day(text, "--start"), None)
    last = ask("end", end, "--end", lambda text: _within(read_day(text, "--end", last=True), "--end", first), None)
    day = ask("decision", decision, "--decision",
              lambda text: _within(read_day(text, "--decision"), "--decision", first, last), None)  # fmt: skip
    fitted = min(last, date(day.year + 1, 12, 31))
    fit = ask("fit_end", fit_end, "--fit-end",
              lambda text: _within(read_day(text, "--fit-end", last=True), "--fit-end", first, last),
              str(fitted))  # fmt: skip
    kind = ask("truce", truce, "--truce", _kind, "ninguna" if lang == "es" else "none")
    over = None
    if kind != "none":
        after = day + timedelta(days=1)
        over = ask("truce_end", truce_end, "--truce-end",
                   lambda t: _within(read_day(t, "--truce-end"), "--truce-end", after, last) if t else None,
                   "")  # fmt: skip
    elif truce_end is not None:
        over = read_day(truce_end, "--truce-end")
    areas = ask("areas", _joined(area), "--area", _areas, "")
    gangs = ask("gangs", _joined(gang), "--gang", _split, "")
    at_large = ask("members", None if members is None else str(members), "--members",
                   lambda text: _whole(text, "--members", 1), "")  # fmt: skip
    jailed = ask("imprisoned", None if imprisoned is None else str(imprisoned), "--imprisoned",
                 lambda text: _whole(text, "--imprisoned", 0), "")  # fmt: skip
    sketch = Sketch(english, spanish, first, last, day, fit, areas, gangs, at_large, jailed, kind, over)
    made = new_case(folder, sketch)
    screen = Screen(lang, as_json=as_json)
    if as_json:
        told = [problem.in_language(lang).as_dict() for problem in check_case(made)]
        screen.json({"case": made.name, "folder": str(made), "problems": told})
    screen.say(phrase("new.made", lang, folder=made))
    screen.say(phrase("new.next", lang, folder=made))


def _joined(values: Sequence[str] | None) -> str | None:
    return None if values is None else ";".join(values)


def _text(text: str) -> str:
    if not text.strip():
        raise UsageError("a name is empty", key="--title", found="nothing", allowed="words", mend="give it")
    return text.strip()


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _whole(text: str, option: str, least: int) -> int | None:
    if not text.strip():
        return None
    try:
        number = int(text.replace(",", "").replace(".", "").replace(" ", ""))
        if number < least:
            raise ValueError
    except ValueError:
        raise UsageError("not a whole number of members", key=option, found=text, allowed=f"{least} or more, as 2500",
                         mend="leave it empty where it is not known") from None  # fmt: skip
    return number


def _kind(text: str) -> str:
    """Kind of truce, in either language."""
    from tregua.case.scaffold import TRUCES
    from tregua.series.written import plain

    word = plain(text)
    found = {"ninguna": "none", "secreta": "secret", "secreto": "secret", "abierta": "open", "abierto": "open"}
    kind = found.get(word, word)
    if kind not in TRUCES:
        raise UsageError("no such kind of truce", key="--truce", found=text, allowed=", ".join(TRUCES),
                         mend="use one of these")  # fmt: skip
    return kind


def _within(day: date, option: str, first: date, last: date | None = None) -> date:
    """The day, if it lies where it must."""
    if day < first or (last is not None and day > last):
        allowed = f"{first} or later" if last is None else f"{first} to {last}"
        raise UsageError("the dates are not in order", key=option, found=str(day), allowed=allowed, mend="correct it")
    return day


def _areas(text: str) -> tuple[tuple[str, int], ...]:
    out = []
    for part in _split(text):
        name, sign, people = part.rpartition(":")
        try:
            if not sign:
                raise ValueError
            out.append((name.strip(), int(people.strip().replace(",", "").replace(".", "").replace(" ", ""))))
        except ValueError:
            raise UsageError("a place is not Name:population", key="--area", found=part, allowed="North:120000",
                             mend="write the name, a colon and its population") from None  # fmt: skip
    return tuple(out)


def read_day(text: str, option: str, *, last: bool = False) -> date:
    """A day, or the first (`last`: the last) day of a month or year; also as 8 March 2012 or 31/12/2012.

    Raises
    ------
    UsageError
        Not a day, month or year, or one that could be two.
    """
    from tregua.case.schema import parse_period
    from tregua.errors import ProblemList
    from tregua.series.span import Span
    from tregua.series.written import Cell
    from tregua.series.written import read_day as read_written

    try:
        spans, _ = parse_period(text.strip())
        return spans[0].end if last else spans[0].start
    except (ValueError, IndexError, TreguaError):
        written = read_written(Cell(1, text), option, ProblemList())
    days = sorted({day for day in written.options if day != date.min}) if written is not None else []
    if len(days) > 1:
        raise UsageError("this could be two days", key=option, found=text, allowed=" or ".join(map(str, days)),
                         mend=f"write it like {days[0]}")  # fmt: skip
    if written is None or not days:
        raise UsageError("not a day", key=option, found=text, allowed="YYYY-MM-DD, YYYY-MM or YYYY",
                         mend="write it like 2012-03-08")  # fmt: skip
    if written.precision == "day" or not last:
        return days[0]
    return (
        Span.of_month(days[0].year, days[0].month).end if written.precision == "month" else date(days[0].year, 12, 31)
    )
