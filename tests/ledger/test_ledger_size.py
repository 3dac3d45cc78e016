"""A ledger far larger than the bundled one is read and checked in about two seconds."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path
from types import ModuleType

from tregua.ledger import parse_ledger

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "ledger_load.py"
SECONDS = 2.0
SHARED = 2.0
"""How much longer processor time may seem where other work shares the caches of the machine."""


def benchmark() -> ModuleType:
    """The benchmark that writes ledgers of any size."""
    spec = importlib.util.spec_from_file_location("ledger_load", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_five_thousand_claims_are_read_and_checked_in_two_seconds_of_one_processor() -> None:
    written = benchmark()
    files, declared = written.texts(5000), written.declared(5000)
    begun = time.process_time()
    ledger = parse_ledger(files)
    problems = ledger.check(declared)
    spent = time.process_time() - begun
    assert len(ledger.claims) == 5000
    assert len(ledger.relations) == 2500
    assert not problems
    assert spent < SHARED * SECONDS
