"""Errors that a person can cause, told so that the person can mend them.

Every failure that comes from input (a case file, an option, a results folder) is a `TreguaError`. It says where it
happened, what was found, what is allowed and how to mend it; the command line prints it without a traceback and
leaves with status 1.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or (as a warning) that costs something.

    Attributes
    ----------
    code : str
        ``E..`` for an error, ``W..`` for a warning; stable between versions.
    message : str
        One sentence.
    file : str
        Path as the person knows it (relative to the case), or the name of an option.
    line : int or None
        Line of a CSV or TOML file, counted from 1.
    key : str
        Column, key path or option.
    found, allowed, mend : str
        What stands there, what may stand there, what to do.
    """

    code: str
    message: str
    file: str = ""
    line: int | None = None
    key: str = ""
    found: str = ""
    allowed: str = ""
    mend: str = ""

    @property
    def is_warning(self) -> bool:
        return self.code.startswith("W")

    @property
    def place(self) -> str:
        """File, line and key in one phrase; empty where none is known."""
        return self.place_in("en")

    def place_in(self, lang: str) -> str:
        """The same in a language."""
        line, key = ("línea", "clave") if lang == "es" else ("line", "key")
        parts = [self.file] if self.file else []
        if self.line is not None:
            parts.append(f"{line} {self.line}")
        place = " ".join(parts)
        if self.key:
            place = f"{place}, {key} {self.key}" if place else self.key
        return place

    def in_language(self, lang: str) -> Problem:
        """The same problem told in ``en`` or ``es``; code and place stay, and so does what is quoted of a person."""
        if lang != "es":
            return self
        from tregua.spanish import FOUND, say

        return replace(
            self, message=say(self.message), found=say(self.found, FOUND), allowed=say(self.allowed),
            mend=say(self.mend),
        )  # fmt: skip

    def as_dict(self) -> dict[str, str | int | None]:
        return {
            "code": self.code,
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "key": self.key,
            "found": self.found,
            "allowed": self.allowed,
            "mend": self.mend,
        }

    def __str__(self) -> str:
        head = f"{self.code}  {self.place}    {self.message}" if self.place else f"{self.code}  {self.message}"
        rows = [("found", self.found), ("allowed", self.allowed), ("mend", self.mend)]
        return "\n".join([head, *(f"     {name:<8} {text}" for name, text in rows if text)])


class TreguaError(Exception):
    """An error that the user can mend.

    Parameters
    ----------
    message : str
        One sentence; used when no problems are given.
    problems : sequence of Problem
        Everything that is wrong, not only the first thing.
    """

    code = "E00"

    def __init__(
        self,
        message: str,
        *,
        file: str = "",
        line: int | None = None,
        key: str = "",
        found: object = "",
        allowed: str = "",
        mend: str = "",
        problems: tuple[Problem, ...] = (),
    ) -> None:
        self.problems = problems or (Problem(type(self).code, message, file, line, key, str(found), allowed, mend),)
        super().__init__(message)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class TreguaWarning(UserWarning):
    """Something that goes on and yet is not what it may look like; told with Python's `warnings`, once a place.

    Parameters
    ----------
    problem : Problem
        With a code ``W..``; says what is used instead and how to mend it.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class CaseError(TreguaError):
    """A case folder that cannot be used as it stands."""

    code = "E10"


class ObservationError(CaseError):
    """A count, stock or share that contradicts itself or the others used with it."""

    code = "E12"


class LedgerError(CaseError):
    """A claim, source or relation that cannot be kept as it stands."""

    code = "E31"


class ModelError(TreguaError):
    """A parameter, lever, reading, arm or grid that the model cannot run."""

    code = "E40"


class StoreError(TreguaError):
    """A results folder that cannot be read or written."""

    code = "E50"


class UsageError(TreguaError):
    """A command line that asks for something that does not exist."""

    code = "E60"


@dataclass
class ProblemList:
    """Collects problems so that one check tells everything at once."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        self.problems.append(problem)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.is_warning]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_warning]

    def raise_errors(self, kind: type[TreguaError], message: str) -> None:
        """Raise `kind` with every error collected, or return if there is none."""
        if self.errors:
            raise kind(message, problems=tuple(self.errors))


def optional(module: str, extra: str, what: str) -> Any:
    """A module that only an extra of the package brings.

    Parameters
    ----------
    module : str
        Its name, dots and all.
    extra : str
        The extra that brings it.
    what : str
        What needs it, as the beginning of a sentence.

    Raises
    ------
    UsageError
        It is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some tell at every import which of their own extras are missing
            return import_module(module)
    except ImportError as error:
        raise UsageError(
            f"{what} needs a package that is not installed",
            key=extra,
            found=f"no {error.name or module.partition('.')[0]}",
            allowed=f"the extra {extra}",
            mend=f"pip install 'tregua[{extra}]'",
        ) from error
