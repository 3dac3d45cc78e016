"""Options that mean the same in every command; a command names the ones it takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from tregua.cli.phrase import LANGUAGES
from tregua.errors import UsageError


def check_language(value: str) -> str:
    """Refuse a language that does not exist, as wrong usage."""
    if value not in LANGUAGES:
        raise typer.BadParameter(f"{value!r} is not one of {', '.join(LANGUAGES)}")
    return value


Lang = Annotated[str, typer.Option("--lang", callback=check_language, help="en or es")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no notes.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of the luck and of the draws.")]
Draws = Annotated[int, typer.Option("--draws", min=1, max=1_000_000, help="Rows of parameters.")]
Luck = Annotated[int, typer.Option("--luck", min=1, max=100_000, help="Replicates of chance for each row.")]
Threads = Annotated[int | None, typer.Option("--threads", min=1, help="Threads; as many as the machine has cores.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder of results; out/CASE by default.")]
Arms = Annotated[list[str] | None, typer.Option("--arm", help="Only these responses; repeat it, or join by commas.")]
Readings = Annotated[list[str] | None, typer.Option("--reading", help="Only these readings; repeat it, or use commas.")]
Start = Annotated[str | None, typer.Option("--start", help="First day of the results, YYYY-MM-DD.")]
End = Annotated[str | None, typer.Option("--end", help="Last day of the run, YYYY-MM-DD.")]
Step = Annotated[float, typer.Option("--step", min=0.1, max=31.0, help="Days a step.")]
Sets = Annotated[list[str] | None, typer.Option("--set", help="A parameter held at a value, name=value; repeat it.")]

DrawsFrom = Annotated[
    str, typer.Option("--draws-from", help="posterior, provisional or prior; the best that there is by default.")
]


def own_posteriors(out: Path, case_id: str) -> str:
    """Folder in which `tregua calibrate` keeps posteriors of one's own; empty where there is none."""
    folder = out / case_id / "posterior"
    return str(folder) if folder.is_dir() else ""


def listed(values: Sequence[str] | None) -> tuple[str, ...]:
    """Ids given by repeating an option, by commas, or both; each once, in the order given."""
    words = [word.strip() for value in values or () for word in value.split(",")]
    return tuple(dict.fromkeys(word for word in words if word))


def settings(values: Sequence[str] | None) -> dict[str, float]:
    """Parameters set on the command line.

    Parameters
    ----------
    values : sequence of str
        Each ``name=value``.

    Raises
    ------
    UsageError
        A setting without a name, or whose value is no number. Whether the parameter exists and the value lies in its
        bounds is told by what uses it.
    """
    out: dict[str, float] = {}
    for value in values or ():
        name, sign, number = value.partition("=")
        try:
            if not (sign and name.strip()):
                raise ValueError
            out[name.strip()] = float(number)
        except ValueError:
            raise UsageError(
                "a setting is not name=value",
                key="--set",
                found=value,
                allowed="the name of a parameter, =, a number",
                mend="write it like --set war_gain=0.5",
            ) from None
    return out
