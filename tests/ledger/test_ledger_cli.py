"""The commands, tried as a reporter would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_ledger import SMALL

from tregua.cli import main
from tregua.cli.ledger import FORMATS, TEXTS
from tregua.ledger import find_forbidden
from tregua.ledger.export import from_csv, from_json
from tregua.model.compiled import engine


class Terminal:
    """Runs a command line and keeps what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *words: str, leaves: int = 0) -> str:
        """Standard output of ``tregua ledger ...``; what stood on standard error is kept in `errors`."""
        with pytest.raises(SystemExit) as left:
            main(["ledger", *words])
        out, self.errors = self.capsys.readouterr()
        assert (left.value.code or 0) == leaves, self.errors
        assert not find_forbidden(out + self.errors)
        return out


@pytest.fixture
def tregua(capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal."""
    return Terminal(capsys)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A folder with the small ledger and nothing else."""
    for name, text in SMALL.items():
        (tmp_path / "ledger").mkdir(exist_ok=True)
        (tmp_path / "ledger" / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_show_puts_asserter_status_reply_and_outcome_together(tregua: Terminal) -> None:
    rows = tregua("show", "C09").splitlines()
    assert rows[0].startswith(
        "C09  ALLEGED  by the Salvadoran government, about the interlocutor, said: 2016, source SEED"
    )
    assert any(row.startswith("  REPLY") and "C11  DENIED" in row for row in rows)
    assert any(row.startswith("  OUTCOME") and "unknown to us" in row for row in rows)
    assert any("Fits every reading: it tells us little." in row for row in rows)
    assert any(row.startswith("  BEARS ON") and "lever contact" in row for row in rows)


def test_show_speaks_spanish_before_or_after_the_command(tregua: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    after = tregua("show", "C09", "--lang", "es")
    assert "SEÑALAMIENTO" in after
    with pytest.raises(SystemExit):
        main(["--lang", "es", "ledger", "show", "C09"])
    assert capsys.readouterr().out == after


def test_show_as_json_has_the_view(tregua: Terminal) -> None:
    found = json.loads(tregua("show", "C55", "C11", "--json"))["claims"]
    assert [claim["id"] for claim in found] == ["C55", "C11"]
    assert found[0]["reply_note"] == "No reply is recorded here"
    assert found[0]["chips"] == ["Reported", "Charged"]


def test_full_gives_the_grade_and_every_reason(tregua: Terminal) -> None:
    text = tregua("show", "C34", "--full")
    assert "confirmed by others" in text
    assert "pattern F3: supports. Level and speed of the fall." in text


def test_search_uncut_and_filtered(tregua: Terminal) -> None:
    text = tregua("search", "pollo")
    assert text.startswith("C44  REPORTED")
    assert "fried chicken to keep inmates content." in text
    found = json.loads(tregua("search", "--asserter", "us_treasury", "--json"))["claims"]
    assert [claim["id"] for claim in found] == ["C01", "Q01"]
    assert "No claim matches." in tregua("search", "zzz")


def test_lists_never_cut_a_status_or_drop_a_reply(tregua: Terminal) -> None:
    text = tregua("search")
    assert "REPORTED · LISTED BY A GOVERNMENT · ALLEGED" in text
    assert "…" not in text
    boxes = text.split("\nC55  ")[1]
    assert "No reply is recorded here" in boxes.split("\nC56")[0]


def test_disputed_lists_what_stands_against(tregua: Terminal) -> None:
    text = tregua("disputed")
    assert "AGAINST IT  C11 Denied, C03 Own account · Denied, C04 Own account" in text
    assert "claims are in dispute." in text


def test_rests_on_answers_up_and_down(tregua: Terminal) -> None:
    up = tregua("rests-on", "prosecutors")
    assert "Nothing in the model rests on this alone." in up
    assert "said together with others, and still standing: C57 C58" in up
    down = tregua("rests-on", "parameter:type_agent")
    assert "Assumption. Nobody has measured this." in down
    assert json.loads(tregua("rests-on", "SEED", "--json"))["alone"]["reading"] == ["politics_revealed"]
    both = json.loads(tregua("rests-on", "command", "--json"))["foundations"]
    assert {each["kind"] for each in both} == {"mechanism", "outcome"}


def test_coverage_shows_no_unexplained_hole(tregua: Terminal) -> None:
    assert "No unexplained hole in either direction." in tregua("coverage")
    found = json.loads(tregua("coverage", "--json"))
    assert found["complete"]
    assert found["unchecked"] == []
    assert len(found["supported"]["parameter"]) + len(found["assumed"]["parameter"]) == 100


def test_a_hole_makes_coverage_fail(tregua: Terminal, case: Path) -> None:
    text = tregua("coverage", "--case", str(case), leaves=1)
    assert "E38" in text
    assert "has no claim behind it and no reason" in text


def test_matrix_groups_by_asserter_and_sums_nothing(tregua: Terminal) -> None:
    text = tregua("matrix")
    assert "law-enforcement experts" in text
    assert "C34" in text.splitlines()[-1]
    columns = json.loads(tregua("matrix", "--json"))["columns"]
    contact = next(column for column in columns if column["claim"] == "C09")
    assert contact["fits_all"]
    assert contact["pairs_separated"] is None
    left = json.loads(tregua("matrix", "--without", "mid_level_leader", "--json"))["columns"]
    assert {column["claim"] for column in columns} - {column["claim"] for column in left} == {"Q14"}


def test_leave_out_tells_what_is_lost(tregua: Terminal) -> None:
    text = tregua("leave-out", "--kind", "alleged")
    assert "leader_split" in text
    assert "rent_revolt" in text
    assert "No contrasts here yet" in tregua.errors


def test_leave_out_takes_the_voices_that_rests_on_takes(tregua: Terminal) -> None:
    by_option = tregua("leave-out", "--kind", "alleged", "--source", "SEED", "--asserter", "prosecutors")
    assert tregua("leave-out", "alleged", "seed,asserter:prosecutors") == by_option
    tregua("leave-out", "C09", leaves=1)
    assert "tregua ledger rests-on C09" in tregua.errors


def test_leave_out_moves_contrasts_where_runs_exist(tregua: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "compare.csv"
    path.write_text(
        "arm,reading,outcome,decision,horizon,q05,q50,q95\n"
        "open_truce,default,homicides,2012,5,-300,-200,-100\n"
        "open_truce,leader_split,homicides,2012,5,10,50,90\n",
        encoding="utf-8",
    )
    found = json.loads(tregua("leave-out", "--kind", "alleged", "--contrasts", str(path), "--json"))
    assert found["contrasts"] == [
        {"arm": "open_truce", "outcome": "homicides", "decision": "2012", "horizon": 5, "before": [-200.0, 50.0],
         "after": [-200.0, -200.0], "flip_gone": True}
    ]  # fmt: skip
    table = tregua("leave-out", "--kind", "alleged", "--contrasts", str(path))
    assert "[-200; 50]" in table
    assert "no longer changes sign" in table
    for rows in ("arm,reading\nopen_truce,default\n", "q50,reading\nmany,default\n", "\x00", ""):
        path.write_text(rows, encoding="utf-8")
        tregua("leave-out", "--kind", "alleged", "--contrasts", str(path), leaves=1)
        assert "these are no contrasts" in tregua.errors


def test_leave_out_finds_the_runs_of_the_case_by_itself(
    tregua: Terminal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    words = ["--reading", "default,gangs_first,rebound_trend", "--arm", "open_truce,mass_detention"]
    with pytest.raises(SystemExit) as left:
        main(["compare", "--draws", "3", "--threads", "1", "--quiet", "--out", out, *words])
    assert not left.value.code
    capsys.readouterr()
    (tmp_path / "out" / "el_salvador_2012" / "tables" / "compare.csv").unlink(missing_ok=True)
    found = json.loads(tregua("leave-out", "--kind", "reported", "--out", out, "--json"))
    assert set(found["readings_fallen"]) >= {"gangs_first", "rebound_trend"}
    moved = [row for row in found["contrasts"] if row["before"] != row["after"]]
    assert moved
    assert all(row["after"][0] == row["after"][1] for row in moved), "one reading is left of those that were run"
    table = tregua("leave-out", "--kind", "reported", "--out", out)
    assert "homicides" in table
    assert "arrests_wrongful" in table
    assert "e+" not in table
    tregua("leave-out", "--kind", "reported", "--out", out, "--horizon", "4", leaves=1)
    assert "allowed  1, 2, 5, 7" in tregua.errors
    same = tregua("leave-out", "prosecutors", "--out", out)
    assert "no reading falls away" in same
    # Runs of another model are not these: they are passed over, and it is said that there are none.
    path = tmp_path / "out" / "el_salvador_2012" / "store" / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace(engine().digest, "0" * 64), encoding="utf-8")
    tregua("leave-out", "--kind", "reported", "--out", out)
    assert "No contrasts here yet" in tregua.errors


def test_voices_lists_what_rests_on_and_leave_out_take(tregua: Terminal) -> None:
    found = json.loads(tregua("voices", "--json"))
    assert {row["id"] for row in found["kinds"]} >= {"alleged", "denial", "opinion"}
    for kind in ("asserters", "sources"):
        assert all(row["claims"] >= 0 for row in found[kind])
    shown = tregua("voices", "--lang", "es")
    assert "prosecutors" in shown
    assert "fiscalía" in shown
    assert "sin editor conocido: [Study" in shown
    assert "unknown:" not in shown
    voice = max(found["asserters"], key=lambda row: row["claims"])
    assert len(json.loads(tregua("rests-on", voice["id"], "--json"))["claims"]) <= voice["claims"]


def test_leave_out_reads_the_table_of_a_comparison_and_keeps_rights_beside_homicides(
    tregua: Terminal, tmp_path: Path
) -> None:
    path = tmp_path / "compare.csv"
    path.write_text(
        "decision,horizon,reading,arm,homicides_q50,homicides_low_q50,deaths_by_state_q50,arrests_wrongful_q50\n"
        "2012,5,default,mano_dura,-10,-1,430,500\n2012,5,leader_split,mano_dura,20,1,430,unknown\n",
        encoding="utf-8",
    )
    words = ("leave-out", "--kind", "alleged", "--contrasts", str(path))
    found = {move["outcome"]: move for move in json.loads(tregua(*words, "--json"))["contrasts"]}
    assert found["homicides"]["after"] == [-10.0, -10.0]
    assert found["deaths_by_state"]["before"] == found["deaths_by_state"]["after"] == [430.0, 430.0]
    assert set(found) == {"homicides", "deaths_by_state", "arrests_wrongful"}
    assert "deaths_by_state" in tregua(*words)


def test_exports_come_back_from_files(tregua: Terminal, tmp_path: Path, bundled: object) -> None:
    tregua("export", "json", "--out", str(tmp_path / "ledger.json"))
    assert from_json((tmp_path / "ledger.json").read_text(encoding="utf-8")) == bundled
    tregua("export", "csv", "--out", str(tmp_path / "csv"))
    files = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "csv").iterdir()}
    assert from_csv(files) == bundled


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "csv"])
def test_exports_go_to_standard_output_without_a_file(tregua: Terminal, form: str) -> None:
    text = tregua("export", form)
    assert text.startswith({"bibtex": "%", "csl-json": "["}.get(form, "{"))
    if form != "bibtex":
        json.loads(text)


@pytest.mark.parametrize(
    "words",
    [
        ("show", "C99"), ("rests-on", "nobody"), ("rests-on", "parameter:nothing"), ("export", "pdf"),
        ("export", "csv"), ("leave-out",), ("leave-out", "--asserter", "John Smithson"), ("search", "--kind", "rumour"),
        ("show", "C01", "--case", "nowhere"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_with_a_remedy(tregua: Terminal, words: tuple[str, ...]) -> None:
    tregua(*words, leaves=1)
    assert "mend" in tregua.errors
    assert "Traceback" not in tregua.errors
    assert "Smithson" not in tregua.errors


def test_seal_grows_a_ledger_and_then_guards_it(tregua: Terminal, case: Path) -> None:
    assert "Sealed 8 new entries" in tregua("seal", "--case", str(case))
    sealed = (case / "ledger" / "seal.toml").stat()
    assert "Nothing is new" in tregua("seal", "--case", str(case))
    assert (case / "ledger" / "seal.toml").stat() == sealed, "not written again"
    claims = case / "ledger" / "claims.toml"
    claims.write_text(claims.read_text(encoding="utf-8").replace("killings fell", "killings rose"), encoding="utf-8")
    tregua("seal", "--case", str(case), leaves=1)
    assert "E35" in tregua.errors


def test_markup_in_a_claim_is_printed_as_text(tregua: Terminal, case: Path) -> None:
    claims = case / "ledger" / "claims.toml"
    evil = "[bold red]<script>alert(1)</script>"
    claims.write_text(claims.read_text(encoding="utf-8").replace("passed messages", f"passed {evil}"), encoding="utf-8")
    assert evil in tregua("show", "C01", "--case", str(case))


def test_every_sentence_of_the_commands_has_both_languages() -> None:
    for key, (english, spanish) in TEXTS.items():
        assert english, key
        assert spanish, key
        slots = [{part.split("}")[0] for part in text.split("{")[1:]} for text in (english, spanish)]
        assert slots[0] == slots[1], key
