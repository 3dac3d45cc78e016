"""``tregua cite``: software, papers and sources of a case and its run, in three formats."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from command_line import leave, run

from tregua import __version__
from tregua.case import bundled_cases, load_case
from tregua.report.citation import cite, methods


@pytest.mark.parametrize("case", bundled_cases())
def test_every_source_that_a_case_uses_is_cited(case: str, tmp_path: Path) -> None:
    loaded = load_case(case)
    found = cite(loaded, tmp_path)
    keys = {source.key for source in found.everything}
    used = {key for o in loaded.observations if o.use in ("fit", "score") for key in o.sources}
    used |= {key for event in loaded.events for key in event.sources}
    assert used <= keys
    assert len(keys) == len(found.everything), "each once"
    assert all(source.title for source in found.everything)
    assert found.software.title.startswith(f"tregua {__version__}")


def test_a_run_is_cited_with_its_seed_and_the_methods_it_used(tmp_path: Path) -> None:
    before = cite(load_case("two_valleys"), tmp_path / "two_valleys")
    assert before.run.seeds == ()
    done = run(
        "compare", "two_valleys", "--draws", "2", "--seed", "77", "--out", str(tmp_path), "--quiet", "--threads", "1"
    )
    assert done.returncode == 0, done.stderr
    after = cite(load_case("two_valleys"), tmp_path / "two_valleys")
    assert after.run.seeds == (77,)
    assert "EVPPI2014" in {s.key for s in after.papers} - {s.key for s in before.papers}
    assert "SYNTH2010" not in {s.key for s in after.papers}
    shown = run("cite", "two_valleys", "--out", str(tmp_path)).stdout
    assert "seed 77" in shown
    assert "tregua compare two_valleys --draws 2 --seed 77" in shown


def test_bibtex_and_csl_json_hold_the_same_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("cite", "el_salvador_2016", "--format", "bibtex") == 0
    bibtex = capsys.readouterr().out
    assert leave("cite", "el_salvador_2016", "--format", "csl-json") == 0
    entries = json.loads(capsys.readouterr().out)
    assert re.findall(r"^@\w+{([^,]+),", bibtex, re.M) == [entry["id"] for entry in entries]
    assert entries[0]["type"] == "software"
    assert bibtex.count("{") == bibtex.count("}")


@pytest.mark.parametrize("lang", ["en", "es"])
def test_it_speaks_both_languages(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("cite", "--lang", lang) == 0
    told = capsys.readouterr().out
    assert {"en": "Software and run", "es": "Software y corrida"}[lang] in told
    undated = {"en": "no date", "es": "sin fecha"}[lang]
    assert f"[WIKI_TRUCE] Wikipedia ({undated}). 2012" in told, "what is not known of a source is told"
    assert f"tregua contributors ({undated})" not in told
    assert "?." not in told


def test_a_format_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("cite", "--format", "word") == 1
    assert "csl-json" in capsys.readouterr().err


def test_every_method_has_a_way_to_be_found() -> None:
    every = methods(("model", "compare", "effect", "calibrate"))
    assert len({source.key for source in every}) == len(every) == 9
    assert all(source.doi and source.authors and source.year for source in every)


def test_what_stands_for_further_authors_is_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("--lang", "es", "cite", "two_valleys") == 0
    told = capsys.readouterr().out
    assert "; y otros (" in told
    assert "and others" not in told
