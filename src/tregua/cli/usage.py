"""Help pages and wrong usage in the words of a person, in the language asked for.

The library that reads the options writes both in English and names the types of Python. It is asked for what it would
show, and that is told again before it is wrapped, so that it holds on a terminal of any width.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

from tregua.cli.help_text import in_language
from tregua.cli.phrase import LANGUAGES

# What stands for a value, by the type that the library shows: <int range>, <list[str]>, INTEGER RANGE, TEXT.
_TYPE = re.compile(r"<(?:list\[)?(int|float|path|str)\b[^>]*>|\b(INTEGER|FLOAT|PATH|FILE|TEXT)\b( RANGE)?")
_VALUE = {"int": ("N", "N"), "float": ("X", "X"), "path": ("PATH", "RUTA"), "str": ("TEXT", "TEXTO")}
_OLD_NAMES = {"INTEGER": "int", "FLOAT": "float", "PATH": "path", "FILE": "path", "TEXT": "str"}
_SPANISH_WORDS = (
    (re.compile(r"^Usage:", re.M), "Uso:"),
    (re.compile(r"\[OPTIONS\]"), "[OPCIONES]"),
    (re.compile(r"\bCOMMAND \[ARGS\]"), "ORDEN [ARGUMENTOS]"),
    (re.compile(r"^Arguments:$", re.M), "Argumentos:"),
    (re.compile(r"^Options:$", re.M), "Opciones:"),
    (re.compile(r"^Commands:$", re.M), "Órdenes:"),
)
# Some versions of the library put braces or brackets around what already tells whether it may be left out.
_BRACES = re.compile(r"\{([^{}]*)\}|\[(\[[^\[\]]*\](?:\.\.\.)?)\]")
_TWICE = re.compile(r"(\.\.\.\]?)\.\.\.")
_ENGLISH_WORDS = (
    (re.compile(r"Input should be a valid integer.*"), "it must be a whole number"),
    (re.compile(r"Input should be a (valid|finite) number.*"), "it must be a number"),
    (re.compile(r"Input should be greater than or equal to (.*)"), r"it must be \1 or more"),
    (re.compile(r"Input should be less than or equal to (.*)"), r"it must be \1 or less"),
)
# What stands for an argument in the line of usage and in its list.
_ARGUMENTS = {"case": ("CASE", "CASO"), "folder": ("FOLDER", "CARPETA"), "table": ("TABLE", "TABLA"),
              "form": ("FORMAT", "FORMATO"), "words": ("[WORD...]", "[PALABRA...]")}  # fmt: skip
_SPANISH_EXTRAS = ((re.compile(r"\[default: "), "[por defecto: "), (re.compile(r"\brequired\]$"), "obligatorio]"))


def in_words(command: Any, lang: str) -> Any:
    """A command whose help speaks a language, with plain words where types of Python would stand."""
    command.help = in_language(command.help or "", lang)
    for option in command.params:
        if option.param_type_name == "argument" and option.name in _ARGUMENTS:
            name = _ARGUMENTS[option.name][lang != LANGUAGES[0]]
            option.metavar = name if option.required or name.startswith("[") else f"[{name}]"
        option.help = in_language(getattr(option, "help", None) or "", lang)
        _say_record(option, lang)
    help_option = command.get_help_option

    def of_help(context: Any) -> Any:
        option = help_option(context)
        if option is not None:
            option.help = in_language(option.help, lang)
        return option

    command.get_help_option = of_help
    for name in ("get_help", "get_usage"):
        _say_page(command, name, lang)
    for below in getattr(command, "commands", {}).values():
        in_words(below, lang)
        below.short_help = " ".join(below.help.split())  # whole: the library would cut it at the width
    return command


def _say_record(option: Any, lang: str) -> None:
    """An option's line of the help: a word for its value, and its default in the language."""
    record: Callable[[Any], tuple[str, str] | None] = option.get_help_record
    spanish = lang != LANGUAGES[0]

    def told(context: Any) -> tuple[str, str] | None:
        row = record(context)
        if row is None:
            return None
        name, text = row
        if option.param_type_name == "argument":
            name = _TYPE.sub("", name).strip()
        else:
            name = _TYPE.sub(lambda found: _VALUE[found[1] or _OLD_NAMES[found[2]]][spanish], name)
        for pattern, words in _SPANISH_EXTRAS if spanish else ():
            text = pattern.sub(words, text)
        return name, text

    option.get_help_record = told


def _say_page(command: Any, name: str, lang: str) -> None:
    """A page of help, or the line that shows the usage: its headings, and arguments without braces."""
    page: Callable[[Any], str] = getattr(command, name)

    def told(context: Any) -> str:
        usage, gap, rest = page(context).partition("\n\n")
        usage = _BRACES.sub(lambda found: found[1] or found[2], usage)
        text = _TWICE.sub(r"\1", usage) + gap + rest
        return text if lang == LANGUAGES[0] else headings(text)

    setattr(command, name, told)


def headings(text: str) -> str:
    """A page of help with Spanish headings."""
    for pattern, words in _SPANISH_WORDS:
        text = pattern.sub(words, text)
    return text


def plain(message: str) -> str:
    """What is wrong with a value, without the words of a library about inputs and parsing."""
    for pattern, words in _ENGLISH_WORDS:
        message = pattern.sub(words, message)
    return message


def is_wrong_usage(fault: Exception) -> bool:
    """True for what the library raises on a command line that it cannot read."""
    return hasattr(fault, "format_message") and hasattr(fault, "exit_code") and hasattr(fault, "show")


def tell(fault: Any, lang: str) -> int:
    """Show a wrong usage: how the command is used, where its help is, what is wrong; return the exit status."""
    from tregua.cli.screen import Screen
    from tregua.spanish import USAGE, say

    context = getattr(fault, "ctx", None)
    english = lang == LANGUAGES[0]
    screen, message = Screen(lang), fault.format_message()
    if type(fault).__name__ == "NoArgsIsHelpError":
        print(message if english else headings(message), file=sys.stderr)
        return int(fault.exit_code)
    if context is not None:
        usage = context.get_usage()
        command = f"'{context.command_path} {context.help_option_names[0]}'"
        screen.note(usage if english else headings(usage))
        screen.note(f"Try {command} for help." if english else f"Pruebe {command} para ver la ayuda.")
        screen.note("")
    screen.note(f"Error: {plain(message) if english else say(message, USAGE)}")
    return int(fault.exit_code)
