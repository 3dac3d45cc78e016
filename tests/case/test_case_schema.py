"""The schemas that editors read: every key says what it means, and the files beside the pages are current."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tregua.case.schema import ROW_MODELS, CaseFile, columns_of, json_schema
from tregua.ledger.schema import json_schema as ledger_schema

SCHEMAS = {"case": json_schema(), "ledger": ledger_schema()}


def keys(schema: dict[str, Any], where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key of every table of a schema."""
    for name, told in schema.get("properties", {}).items():
        yield f"{where}{name}", told
    for table, inner in schema.get("$defs", {}).items():
        yield from keys(inner, f"{table}.")


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_says_what_it_means(name: str) -> None:
    found = dict(keys(SCHEMAS[name]))
    assert len(found) > 50
    assert [key for key, told in found.items() if len(told.get("description", "")) < 8] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_number_says_its_unit_or_its_range(name: str) -> None:
    words = (
        "people", "share", "percent", "0 to 1", "0 (", "unit", "number", "deaths", "years", "version", "calendar year",
        "1 to 12", "per 100,000", "square kilometres", "how many", "percentage points", "a factor",
    )  # fmt: skip
    silent = [
        key
        for key, told in keys(SCHEMAS[name])
        if {"number", "integer"} & {part.get("type") for part in (told, *told.get("anyOf", ()), told.get("items", {}))}
        and not any(word in told["description"] for word in words)
    ]
    assert silent == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_table_says_what_it_is(name: str) -> None:
    tables = SCHEMAS[name]["$defs"]
    assert isinstance(tables, dict)
    assert [table for table, told in tables.items() if len(told.get("description", "")) < 20] == []


def test_a_description_changes_no_rule() -> None:
    required, optional = columns_of(ROW_MODELS["arms.csv"])
    assert (required, optional) == (["arm", "lever", "from"], ["value"])
    assert CaseFile.model_fields["fit_end"].default is None
    assert json_schema()["required"] == ["format", "id", "title_en", "title_es", "start", "end"]


def test_schemas_are_json_and_name_themselves() -> None:
    assert {json.loads(json.dumps(schema))["$id"] for schema in SCHEMAS.values()} == {
        "tregua-case-1",
        "tregua-ledger-1",
    }
