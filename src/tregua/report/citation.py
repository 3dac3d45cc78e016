"""How to cite a result: the software and the run, the papers behind the methods, the sources behind the figures."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from tregua.case.load import load_case
from tregua.ledger.export import sources_to_bibtex, sources_to_csl_json
from tregua.ledger.load import load_ledger
from tregua.ledger.schema import SourceTable
from tregua.ledger.source import Source
from tregua.runs.manifest import Manifest
from tregua.runs.store import read_manifest

if TYPE_CHECKING:
    from tregua.case import Case

MODEL_CASE = "el_salvador_2012"
"""Case whose ledger holds the literature from which the equations and priors were drawn."""

ALWAYS, COMPARED, ESTIMATED, CALIBRATED = "model", "compare", "effect", "calibrate"


@dataclass(frozen=True)
class Run:
    """What is known of the run that is cited.

    Attributes
    ----------
    model, case : str
        Digests.
    seeds : tuple of int
    commands : tuple of str
    updated : str
        When results were last written, UTC; empty where there are none.
    made : frozenset of str
        What was done: model, compare, effect, calibrate.
    """

    model: str
    case: str
    seeds: tuple[int, ...] = ()
    commands: tuple[str, ...] = ()
    updated: str = ""
    made: frozenset[str] = frozenset({ALWAYS})


@dataclass(frozen=True)
class Citation:
    """Everything that a result rests on.

    Attributes
    ----------
    title : str
        Of the case.
    run : Run
    software : Source
    papers : tuple of Source
        Methods that were used, and the literature of the model.
    sources : tuple of Source
        Where the figures, dates and claims of the case were read.
    """

    title: str
    run: Run
    software: Source
    papers: tuple[Source, ...]
    sources: tuple[Source, ...]

    @property
    def everything(self) -> tuple[Source, ...]:
        return (self.software, *self.papers, *self.sources)

    def bibtex(self) -> str:
        return sources_to_bibtex(self.everything)

    def csl_json(self) -> str:
        return sources_to_csl_json(self.everything)


def run_of(case: Case, folder: Path) -> Run:
    """What the results in a folder say of themselves; digests of now where there are none.

    Parameters
    ----------
    case : Case
    folder : Path
        ``out/<case>``.

    Raises
    ------
    StoreError
        There are results, and their manifest cannot be read.
    """
    found: Manifest | None = read_manifest(folder / "store")
    made = {ALWAYS}
    if (folder / "effect").is_dir():
        made.add(ESTIMATED)
    if (folder / "posterior").is_dir() or (folder / "validation").is_dir():
        made.add(CALIBRATED)
    if found is None:
        from tregua.model.compiled import model_digest

        return Run(model_digest(), case.digest, made=frozenset(made))
    if any(entry.settings.get("decision") for entry in found.shards.values()):
        made.add(COMPARED)
    seeds, commands = tuple(found.seeds), tuple(found.commands)
    return Run(found.origin.model, found.origin.case, seeds, commands, found.updated, frozenset(made))


def cite(case: Case, folder: Path) -> Citation:
    """Citation of a case and of the run in a folder."""
    run = run_of(case, folder)
    ledger = _ledger_sources(case)
    papers = {source.key: source for source in methods(run.made)}
    papers |= {source.key: source for source in _ledger_sources(load_case(MODEL_CASE)).values() if _is_paper(source)}
    papers |= {source.key: source for source in ledger.values() if _is_paper(source)}
    own = {key: ledger.get(key) or _of_series(case, key) for key in _used(case)}
    own |= {key: source for key, source in ledger.items() if source.kind != "ledger"}
    sources = [source for key, source in sorted(own.items()) if key not in papers]
    return Citation(case.title_en, run, software(run), tuple(papers.values()), tuple(sources))


def software(run: Run) -> Source:
    """The software itself, with the model it ran."""
    from tregua import __version__

    return Source(
        "TREGUA",
        "software",
        "The tregua contributors",
        f"tregua {__version__}: an open laboratory of gang truces (model {run.model[:12]}, case {run.case[:12]})",
        run.updated[:10] or "unknown",
        "Apache-2.0",
    )


def methods(made: Iterable[str]) -> list[Source]:
    """Papers behind the methods that were used."""
    text = resources.files("tregua.report").joinpath("methods.toml").read_text(encoding="utf-8")
    wanted = set(made)
    out = []
    for row in tomllib.loads(text)["method"]:
        if row.pop("used_by") in wanted:
            table = SourceTable.model_validate(row)
            out.append(
                Source(
                    table.key, table.kind, table.publisher, table.title, table.date, table.licence, table.archived,
                    table.read, table.address or "", "", tuple(table.authors), table.container or "",
                    table.volume or "", table.issue or "", table.pages or "", table.doi or "",
                )
            )  # fmt: skip
    return out


def _ledger_sources(case: Case) -> dict[str, Source]:
    folder = case.folder / "ledger"
    return dict(load_ledger(folder).sources) if folder.is_dir() else {}


def _is_paper(source: Source) -> bool:
    return source.kind in ("paper", "book")


def _used(case: Case) -> Sequence[str]:
    """Keys behind figures that are used, dates and levers."""
    keys = {key for o in case.observations if o.use in ("fit", "score", "alternative") for key in o.sources}
    keys |= {key for target in case.targets for key in target.sources}
    keys |= {key for event in case.events for key in event.sources}
    keys |= {key.strip() for change in case.lever_sources for key in change.source.split(";")}
    return sorted(key for key in keys if key in case.sources)


def _of_series(case: Case, key: str) -> Source:
    """A row of `sources.csv` as a source: its citation is the title, its year the one that the citation names."""
    row = case.sources[key]
    years = re.findall(r"(?<!\d)((?:19|20)\d{2})(?!\d)", row.citation)
    return Source(key, "press", "unknown", row.citation, years[-1] if years else "unknown", address=row.address)
