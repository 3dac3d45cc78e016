"""Where the parameters come from and what the gate of their posterior says, told by every command that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tregua.cli.phrase import phrase

if TYPE_CHECKING:
    from tregua.case.draws import DrawSource


def source_lines(source: DrawSource, lang: str) -> list[str]:
    """Where the parameters come from, what the gate says, and which posterior was set aside."""
    found = source.main
    if found is None:
        out = [phrase("run.source" if source.kind == "provisional" else "run.source.priors", lang)]
    else:
        gate = found.manifest.get("gate", {})
        told = {"n": len(found.rows), "k": len(found.names), "sets": gate.get("sets", 0)}
        out = [phrase(f"run.source.posterior.{found.gate}", lang, **told)]
        failed = [name for name, other in source.posteriors.items() if other.gate != "passed"]
        if failed and found.gate == "passed":
            out.append(phrase("run.source.gate_others", lang, readings=", ".join(failed)))
    for name, other in source.set_aside.items():
        out.append(phrase(f"run.source.{other.standing}", lang, reading=name))
    return out


def gates(source: DrawSource) -> dict[str, str]:
    """State of the gate of every posterior in use, by reading, as the JSON object of a command tells it."""
    return {name: found.gate for name, found in source.posteriors.items()}
