"""The reference pages say what the declarations, the command line and the tables say."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from column_meanings import COLUMNS
from write_reference import CASES, DOCS, pages

MEND = "run: python tests/house/write_reference.py"


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return pages()


def test_reference_pages_are_current(written: dict[str, str]) -> None:
    stale = [
        name
        for name, text in written.items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != text
    ]
    assert stale == [], MEND


def test_every_page_of_reference_is_written_or_listed(written: dict[str, str]) -> None:
    here = {path.relative_to(DOCS).as_posix() for path in (DOCS / "reference").iterdir()}
    assert here == {name for name in written if name.startswith("reference/")}


def test_nothing_declared_is_missing(written: dict[str, str]) -> None:
    import tregua
    from tregua.case import CODES
    from tregua.cli import ENTRIES

    wanted = {
        "reference/parameters.md": tregua.PARAMETERS,
        "reference/levers.md": [lever.id for lever in tregua.LEVERS],
        "reference/outcomes.md": tregua.OUTCOMES,
        "reference/mechanisms.md": [mechanism.id for mechanism in tregua.MECHANISMS],
        "reference/problems.md": CODES,
        "reference/commands.md": [f"tregua {entry.name}" for entry in ENTRIES if entry.exists],
        "reference/python.md": [f"tregua.{name}" for name in tregua.__all__ if name != "__version__"],
        "es/referencia.md": [*tregua.PARAMETERS, *tregua.OUTCOMES],
    }
    missing = [(page, name) for page, names in wanted.items() for name in names if name not in written[page]]
    assert missing == []


def test_every_claim_has_a_box_with_its_status_and_reply(written: dict[str, str]) -> None:
    from tregua.case import load_case
    from tregua.ledger import load_ledger, render_claim

    ledger = load_ledger(load_case("el_salvador_2012").folder / "ledger")
    page = written["reference/claims.md"]
    for id in ledger.claims:
        box = page.split(f'<a id="{id}"></a>')[1].split("</div>")[0]
        view = render_claim(ledger, id)
        assert all(chip.upper() in box for chip in view.chips), id
        assert view.asserter in box, id
        assert all(reply.id in box for reply in view.replies), id
        assert view.replies or not view.is_allegation or view.reply_note.rstrip(".") in box.replace("\\", ""), id


def test_every_column_has_a_meaning() -> None:
    found = set()
    for path in CASES.rglob("*.csv"):
        if path.name not in ("draws.csv", "refits.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                found |= set(next(csv.reader(file)))
    assert found - set(COLUMNS) == set()


def test_a_changed_declaration_would_be_seen(monkeypatch: pytest.MonkeyPatch, written: dict[str, str]) -> None:
    from dataclasses import replace

    from write_reference import levers as page

    from tregua.model import levers

    changed = (replace(levers.LEVERS[0], upper=0.5), *levers.LEVERS[1:])
    monkeypatch.setattr(levers, "LEVERS", changed)
    assert page().split() != written["reference/levers.md"].split()
    assert "| 0 to 0.5 |" in page()
