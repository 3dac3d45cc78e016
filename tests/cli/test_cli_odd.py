"""``tregua odd``: everything declared stands in it, and the same sources give the same text."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from command_line import leave, run

from tregua.errors import UsageError
from tregua.model import kernel, state
from tregua.model.declare import MECHANISMS, PARAMETERS
from tregua.model.levers import LEVERS
from tregua.model.odd import functions_called, functions_of, odd
from tregua.model.odd_text import CONCEPTS, HEADS, KINDS, LANGUAGES, SCHEDULE, TEXT
from tregua.model.outcomes import OUTCOMES
from tregua.model.variable import LEVELS, STATE


def test_the_text_is_the_same_in_every_process() -> None:
    texts = {run("odd", PYTHONHASHSEED=seed, PYTHONIOENCODING="utf-8").stdout for seed in ("1", "2")}
    assert texts == {odd("en")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_declaration_stands_in_it(lang: str) -> None:
    text = odd(lang)
    for parameter in PARAMETERS.values():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{parameter.name}` | {parameter.symbol}"))
        for part in (parameter.unit, parameter.prior, f"{parameter.default:g}", parameter.evidence):
            assert part.replace("|", "\\|") in row, parameter.name
        assert getattr(parameter, f"meaning_{lang}") in row
        assert all(claim in row for claim in parameter.claims)
    for lever in LEVERS:
        assert f"| `{lever.id}` | {lever.unit} | {lever.lower:g} .. {lever.upper:g}" in text
    for outcome in OUTCOMES.values():
        assert f"| `{outcome.id}`{' *' if outcome.rights else ''} | {outcome.unit}" in text
        assert getattr(outcome, f"meaning_{lang}") in text
    for variable in STATE:
        assert f"`{variable.name}`" in text


def test_every_function_of_every_mechanism_stands_in_it_as_it_runs() -> None:
    text = odd("en")
    for mechanism in MECHANISMS:
        for function in functions_of(mechanism.module):
            assert f"#### `{mechanism.id}.{function.__name__}`" in text
            assert inspect.getsource(function).rstrip().splitlines()[-1] in text
            assert inspect.cleandoc(function.__doc__ or "?") in text


def test_every_state_variable_of_the_kernel_is_declared_and_no_other() -> None:
    kept = {(record, name) for record in LEVELS for name in getattr(state, record).names}
    assert kept == {(variable.record, variable.name) for variable in STATE}
    assert len(STATE) == len(kept)


def test_the_schedule_is_the_one_the_kernel_tells_of_itself() -> None:
    told = " ".join((kernel.__doc__ or "").split())
    told = told.partition("Order of a step: ")[2].rstrip(".")
    told = re.sub(r" \(8-11 [^)]*\)", "", told)
    assert told == ", ".join(f"{number} {english}" for number, english, _ in SCHEDULE)


def test_the_calls_come_in_the_order_of_the_week() -> None:
    calls = functions_called()
    order = ["command.obedience", "adherence.adherence", "recording.hiding_practice", "contest.contest",
             "retaliation.memory", "membership.recruits", "extortion.gang_take", "betrayal.betrayal",
             "politics.support", "interlocutors.belief_moved"]  # fmt: skip
    assert [calls.index(name) for name in order] == sorted(calls.index(name) for name in order)
    modules = {mechanism.id: mechanism.module for mechanism in MECHANISMS}
    for call in calls:
        mechanism, _, name = call.partition(".")
        assert hasattr(modules[mechanism], name)


def test_both_languages_have_the_same_shape() -> None:
    english, spanish = odd("en").splitlines(), odd("es").splitlines()
    assert [line[: line.index(" ")] for line in english if line.startswith("#")] == [
        line[: line.index(" ")] for line in spanish if line.startswith("#")
    ]
    pairs = [*TEXT.values(), *KINDS.values(), *(pair for head in HEADS.values() for pair in head)]
    pairs += [pair for concept in CONCEPTS for pair in concept]
    for pair in pairs:
        assert all(text.strip() for text in pair)
        assert set(re.findall(r"{(\w+)}", pair[0])) == set(re.findall(r"{(\w+)}", pair[1]))


def test_tables_keep_their_columns() -> None:
    wide = 0
    for line in odd("en").splitlines():
        if not line.startswith("|"):
            wide = 0
            continue
        columns = len(re.findall(r"(?<!\\)\|", line))
        assert wide in (0, columns), line
        wide = columns


def test_it_names_no_place_of_this_machine() -> None:
    assert not re.search(r"(?<![\w.])/(work|home|root|tmp|usr|Users)\b", odd("en"))


def test_it_can_be_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "odd.md"
    assert leave("odd", "--lang", "es", "--out", str(path)) == 0
    assert path.read_text(encoding="utf-8") == odd("es")
    assert str(path) in capsys.readouterr().out
    assert leave("odd", "--out", str(tmp_path / "nowhere" / "odd.md")) == 1
    assert "choose another path" in capsys.readouterr().err


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UsageError, match="no such language"):
        odd("fr")
