"""``tregua check``: everything that is wrong with a case, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from tregua.cli import DEFAULT_CASE, USER_CAN_MEND
from tregua.cli.option import Json, Lang
from tregua.cli.phrase import phrase
from tregua.cli.screen import Screen
from tregua.errors import Problem


def check(
    case: str = typer.Argument(DEFAULT_CASE, help="A case folder, or the id of a bundled case."),
    partition: bool = typer.Option(
        False, "--partition", help="Print the disjoint pieces of the counts, with their sums."
    ),
    schema: bool = typer.Option(False, "--schema", help="Print a JSON Schema for your editor."),
    as_json: Json = False,
    lang: Lang = "en",
) -> None:
    """Everything wrong with a case at once: file, line, what was found, what is allowed, how to mend it."""
    from pathlib import Path

    from tregua.case import check_case, json_schema
    from tregua.case.check import partition_lines

    screen = Screen(lang, as_json=as_json)
    if schema:
        Screen(lang).json(json_schema())
        return
    found = check_case(case)
    errors = [problem for problem in found if not problem.is_warning]
    lines = partition_lines(case, lang) if partition and not errors else []
    for line in lines:
        screen.page(line + "\n")
    if as_json:
        payload = {
            "case": case,
            "valid": not errors,
            "problems": [problem.in_language(lang).as_dict() for problem in found],
        }
        screen.json({**payload, "partition": lines} if partition else payload)
    else:
        screen.problems(found, result=True)
        screen.say(
            phrase(
                "check.invalid" if errors else "check.valid",
                lang,
                case=Path(case).name or case,
                errors=_counted("check.error", len(errors), lang),
                warnings=_counted("check.warning", len(found) - len(errors), lang),
                next=_next(case, found),
            )
        )
    if errors:
        raise typer.Exit(USER_CAN_MEND)


def _next(case: str, found: Sequence[Problem]) -> str:
    """The command that brings a valid case furthest: figures first, then a run."""
    bare = any(p.code == "W03" and p.key == "homicides_recorded" for p in found)
    return f"tregua import TABLE {case}" if bare else f"tregua run {case}"


def _counted(key: str, n: int, lang: str) -> str:
    return phrase(key, lang) if n == 1 else phrase(f"{key}s", lang, n=n)
