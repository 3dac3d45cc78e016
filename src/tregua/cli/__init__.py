"""The command line: commands grouped by question, each in a file of its own that is read only when it is called."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from io import TextIOWrapper
from typing import Any

import typer
from typer.core import TyperGroup

from tregua.cli.interrupt import INTERRUPTED, Interrupts, Stopped, tell_stopped
from tregua.cli.option import Lang
from tregua.cli.phrase import LANGUAGES, phrase
from tregua.cli.usage import in_words, is_wrong_usage, tell
from tregua.errors import TreguaError, UsageError

USER_CAN_MEND, WRONG_USAGE, SET_ASIDE = 1, 2, 3
DEFAULT_CASE = "el_salvador_2012"
WIDE = 80  # characters that the first page of the help takes
ANYWHERE = ("--debug", "--no-color")
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@dataclass(frozen=True)
class Entry:
    """One command, as the first page of the help shows it.

    Attributes
    ----------
    name : str
    question_en, question_es : str
        The question under which it stands.
    help_en, help_es : str
        One line.
    """

    name: str
    question_en: str
    question_es: str
    help_en: str
    help_es: str

    @property
    def module(self) -> str:
        """Module in which it lives; a name that Python keeps for itself gets an underscore."""
        return f"tregua.cli.{self.name}{'_' if self.name == 'import' else ''}"

    @property
    def exists(self) -> bool:
        return find_spec(self.module) is not None


_HAPPENED = ("What happened?", "¿Qué pasó?")
_WHAT_IF = ("What if?", "¿Y si?")
_SURE = ("How sure?", "¿Con qué certeza?")
_WHO = ("Who says so?", "¿Quién lo dice?")
_OWN = ("Your own truce", "Su propia tregua")
_COPY = ("This copy", "Esta copia")

ENTRIES: tuple[Entry, ...] = (
    Entry("run", *_HAPPENED, "simulate, compare and write the page", "simular, comparar y escribir la página"),
    Entry("simulate", *_HAPPENED, "the history as it happened, run again", "la historia como fue, corrida otra vez"),
    Entry("report", *_HAPPENED, "build the page again from what exists", "rehacer la página con lo que hay"),
    Entry("compare", *_WHAT_IF, "other responses under rival readings", "otras respuestas con lecturas rivales"),
    Entry("app", *_WHAT_IF, "move the levers in a browser", "mover las palancas en un navegador"),
    Entry("effect", *_SURE, "how much recorded killings changed", "cuánto cambiaron los homicidios registrados"),
    Entry("calibrate", *_SURE, "what the figures can say of parameters", "qué dicen las cifras de los parámetros"),
    Entry("validate", *_SURE, "patterns that the model gets right or wrong", "en qué acierta y falla el modelo"),
    Entry("ledger", *_WHO, "claims, who makes them, who denies them", "afirmaciones, quién las hace y las niega"),
    Entry("cite", *_WHO, "how to cite a result and its sources", "cómo citar un resultado y sus fuentes"),
    Entry("new", *_OWN, "start a case folder", "empezar una carpeta de caso"),
    Entry("import", *_OWN, "bring your own counts", "traer sus propios conteos"),
    Entry("check", *_OWN, "everything wrong with a case, and its mend", "lo que un caso tiene mal, y su remedio"),
    Entry("odd", *_COPY, "the model described, from its declarations", "el modelo descrito por sus declaraciones"),
    Entry("doctor", *_COPY, "is this copy sound, and how fast", "si esta copia está bien, y qué tan rápida es"),
)
BY_NAME = {entry.name: entry for entry in ENTRIES}


class Questions(TyperGroup):
    """Commands under the question that they answer; a command's file is read when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Commands that exist, in the order of the questions."""
        return [entry.name for entry in ENTRIES if entry.exists]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Read the file of one command; None for a name that is not one."""
        entry = BY_NAME.get(cmd_name)
        if entry is None or not entry.exists:
            return None
        return in_words(_load(entry), ctx.obj or LANGUAGES[0])

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the first page: every command on one line, under its question."""
        formatter.write(first_page(ctx.obj or LANGUAGES[0], formatter.width + 2))  # it keeps two for itself

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            raise Stopped.by(stop) from stop


def first_page(lang: str = "en", width: int = WIDE) -> str:
    """The text of ``tregua --help``.

    Parameters
    ----------
    lang : str
    width : int
        Characters of a line; below `WIDE` a question stands above its commands instead of before them.
    """
    from tregua import __version__

    english = lang == LANGUAGES[0]
    rows: list[tuple[str, str, str]] = []
    last = ""
    for entry in ENTRIES:
        if entry.exists:
            question = entry.question_en if english else entry.question_es
            rows.append((question if question != last else "", entry.name, entry.help_en if english else entry.help_es))
            last = question
    head = [phrase("title", lang, version=__version__), phrase("usage", lang), ""]
    tail = ["", phrase("options", lang), phrase("harm", lang), ""]
    if width >= WIDE:
        wide = max((len(question) for question, _, _ in rows), default=0)
        body = [f"  {question:<{wide}}  {name:<10} {text}" for question, name, text in rows]
    else:
        body = [line for question, name, text in rows for line in (question, f"  {name:<10} {text}") if line]
        head, tail = _wrapped(head, width), _wrapped(tail, width)
    return "\n".join([*head, *body, *tail])


def _wrapped(lines: list[str], width: int) -> list[str]:
    from textwrap import wrap

    return [part for line in lines for part in wrap(line, width, break_on_hyphens=False) or [""]]


def _load(entry: Entry) -> Any:
    from importlib import import_module

    module = import_module(entry.module)
    group = getattr(module, "app", None)
    if isinstance(group, typer.Typer):
        return typer.main.get_command(group)
    command: Callable[..., Any] = getattr(module, module.__name__.rsplit(".", 1)[-1])
    alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    alone.command(entry.name, context_settings=CONTEXT)(command)
    return typer.main.get_command(alone)


def _language(arguments: Sequence[str]) -> str:
    for position, word in enumerate(arguments):
        if word.startswith("--lang="):
            word, value = "--lang", word.partition("=")[2]
        else:
            value = arguments[position + 1] if position + 1 < len(arguments) else ""
        if word == "--lang" and value in LANGUAGES:
            return value
    return LANGUAGES[0]


questions = typer.Typer(
    cls=Questions, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True,
    context_settings=CONTEXT,
)  # fmt: skip


def _show_version(asked: bool) -> None:
    if asked:
        from tregua import __version__

        print(f"tregua {__version__}")
        raise typer.Exit


@questions.callback()
def tregua(
    context: typer.Context,
    lang: Lang = "en",
    version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="Show the version."),
) -> None:
    """An open laboratory of gang truces."""
    # A language given before the command is the default of every command after it.
    context.default_map = {entry.name: {"lang": lang} for entry in ENTRIES}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line and leave with its exit status.

    0 done; 1 something that the person can mend; 2 wrong usage; 3 finished, but runs were set aside or a gate stopped
    the verdict; 130 interrupted and resumable.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those of the process.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    ours = given[: given.index("--")] if "--" in given else given
    debug = "--debug" in ours
    if "--no-color" in ours:
        import os

        os.environ["NO_COLOR"] = "1"
    rest = [word for word in ours if word not in ANYWHERE] + given[len(ours) :]
    lang = _language(rest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    with Interrupts() as interrupts:
        status = _status(rest, lang, debug, interrupts)
    _leave_colors()
    sys.exit(status)


def _leave_colors() -> None:
    """A library that compiles readies colours of its own and would reset them at the end, NO_COLOR or not."""
    library = sys.modules.get("colorama.initialise")
    if library is not None:
        import atexit

        atexit.unregister(library.reset_all)


def _status(words: list[str], lang: str, debug: bool, interrupts: Interrupts) -> int:
    """Run a command line; what goes wrong is told, and raised under ``--debug``."""
    as_json = "--json" in words
    try:
        # The language travels in the context because --help is answered before the options are read.
        status = typer.main.get_command(questions).main(args=words, prog_name="tregua", obj=lang, standalone_mode=False)
    except TreguaError as error:
        if debug:
            raise
        _tell(error, lang, as_json=as_json)
        return USER_CAN_MEND
    except Stopped as stop:
        return tell_stopped(lang, stop.kept)
    except KeyboardInterrupt:
        return tell_stopped(lang)
    except Exception as fault:
        if type(fault).__name__ == "Abort":  # at a question
            print(f"\n{phrase('unanswered', lang)}", file=sys.stderr)
            return INTERRUPTED if interrupts.asked else USER_CAN_MEND
        if interrupts.asked:
            # A library that was being loaded makes another error of the interruption.
            return tell_stopped(lang)
        if is_wrong_usage(fault):
            return tell(fault, lang)
        if debug:
            raise
        if isinstance(fault, OSError):
            _tell(_of_system(fault), lang, as_json=as_json)
            return USER_CAN_MEND
        what = f"{type(fault).__name__}: {fault}".splitlines()[0]
        print(phrase("fault", lang, what=what), phrase("fault.mend", lang), sep="\n", file=sys.stderr)
        return USER_CAN_MEND
    if status == INTERRUPTED:  # before a command began
        return tell_stopped(lang)
    return status if isinstance(status, int) else 0


def _of_system(fault: OSError) -> TreguaError:
    """What the system refuses, told with a remedy: a name that is too long, no permission, no space."""
    shown = str(fault.filename or "")
    return UsageError(
        "a file or folder cannot be used",
        key=shown if len(shown) <= 80 else f"{shown[:40]}…",
        found=fault.strerror or type(fault).__name__,
        allowed="a path that exists, or a place that can be written",
        mend="check the path, its permissions and the space on the disk",
    )


def _tell(error: TreguaError, lang: str, *, as_json: bool) -> None:
    from tregua.cli.screen import Screen

    screen = Screen(lang)
    if as_json:
        screen.json({"problems": [problem.in_language(lang).as_dict() for problem in error.problems]})
    else:
        screen.problems(error.problems)
