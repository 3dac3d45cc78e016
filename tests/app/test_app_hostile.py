"""Whatever is asked, an answer comes: no fault, no hang, bounded memory, and the right numbers for many at once."""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

MOST_SECONDS = 30.0
QUIET = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.generate),
}


def operations(address: str) -> list[Any]:
    schemathesis = pytest.importorskip("schemathesis")
    found = schemathesis.openapi.from_dict(httpx.get(f"{address}/openapi.json").json())
    return [result.ok() for result in found.get_all_operations()]


def fuzz(address: str, examples: int) -> int:
    """Ask every address described, with what fits the description and with what does not; the number of requests."""
    from hypothesis.errors import Unsatisfiable
    from schemathesis import GenerationMode
    from schemathesis.core.errors import IncorrectUsage

    asked = 0
    for operation in operations(address):
        if operation.path.endswith("/events"):
            continue
        strategies: list[tuple[Any, Any]] = []
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            with suppress(IncorrectUsage):
                strategies.append((operation.as_strategy(generation_mode=mode), mode))
        for strategy, mode in strategies:

            def one(case: Any) -> None:
                nonlocal asked
                asked += 1
                if isinstance(case.body, dict) and case.path.endswith(("/runs", "/table", "/card", "/flows")):
                    # the fuzz is of the door, not of the processor: fewer histories, the same checks
                    few = {"/runs": {"runs": 2, "others": False}, "/flows": {"runs": 2, "moves": 1}}
                    for key, value in few.get(case.path[4:], {"runs": 2}).items():
                        given_one = case.body.get(key)
                        if given_one is None or (isinstance(given_one, int) and given_one > value):
                            case.body[key] = value
                if case.path == "/api/jobs" and case.method == "POST":
                    case.body = {"kind": "nothing"} if not isinstance(case.body, dict) else {**case.body, "draws": 1e9}
                begun = time.monotonic()
                answer = case.call(base_url=address, timeout=MOST_SECONDS)
                assert answer.status_code < 500 or answer.status_code == 503, (case.path, answer.text[:300])
                assert time.monotonic() - begun < MOST_SECONDS, (case.path, case.body)
                assert "Traceback" not in answer.text
                if answer.status_code >= 400:
                    assert json.loads(answer.text)["problems"], (case.path, answer.text[:300])

            try:
                settings(max_examples=examples, **QUIET)(given(case=strategy)(one))()
            except Unsatisfiable:
                # an address that takes nothing has nothing wrong to send
                assert mode is GenerationMode.NEGATIVE, operation.path
    return asked


@pytest.mark.filterwarnings("ignore")
def test_a_short_fuzz_finds_no_fault(address):
    assert fuzz(address, 4) >= 20


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_long_fuzz_finds_no_fault(address):
    assert fuzz(address, 150) > 1000


@settings(max_examples=40, **QUIET)
@given(
    st.dictionaries(
        st.text(max_size=8) | st.sampled_from(["contact", "arrests", "lethal"]), st.floats() | st.integers(), max_size=3
    ),
    st.sampled_from(["no_truce", "open_truce", "as_it_happened", "mano_dura", "x"]),
    st.text(max_size=12) | st.dates().map(str) | st.none(),
    st.integers(-3, 4) | st.floats() | st.none(),
)  # fmt: skip
def test_scenarios_of_any_kind_are_run_or_refused(address, sets, arm, start, runs):
    body = {"b": {"arm": arm, "sets": sets, "start": start}, "runs": runs, "readings": ["default"], "others": False}
    text = json.dumps(body).encode()
    answer = httpx.post(f"{address}/api/runs", content=text, headers={"content-type": "application/json"}, timeout=60)
    assert answer.status_code in (200, 400, 422)
    last = json.loads(answer.content.strip().split(b"\n")[-1])
    assert last.get("kind") == "end" or last["problems"]


@settings(max_examples=60, **QUIET)
@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_no_path_of_a_request_reaches_the_disk(address, path):
    answer = httpx.get(f"{address}/static/{path}", follow_redirects=False, timeout=30)
    assert answer.status_code in (200, 304, 307, 404)
    if answer.status_code == 200:
        assert path.split("?")[0].split("#")[0] in {
            "app.css", "app.js", "chart.js", "state.js", "explore.js", "views.js", "icon.svg", "face.woff2", "page.css",
            "theme.css", "all.css", "effect.js", "workshop.js",
        }  # fmt: skip


def resident() -> int:
    """Memory that this process, which also holds the server, holds now; bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_fifty_at_once_get_the_right_answers_in_bounded_memory(address, case):
    arms = [arm for arm in case.decisions["2012"].arms if arm != "no_truce"]

    def ask(i: int) -> tuple[str, Any]:
        arm = arms[i % len(arms)]
        body = {"b": {"arm": arm}, "runs": 2, "readings": ["default"], "others": False}
        for _ in range(60):
            answer = httpx.post(f"{address}/api/runs", json=body, timeout=120)
            if answer.status_code != 503:
                break
            time.sleep(0.2)
        assert answer.status_code == 200
        return arm, json.loads(answer.text.splitlines()[1])["rows"]

    alone = dict(ask(i) for i in range(len(arms)))
    before = resident()
    with ThreadPoolExecutor(50) as crowd:
        found = list(crowd.map(ask, range(50)))
    assert all(rows == alone[arm] for arm, rows in found)
    assert resident() - before < 200 * 2**20


def test_more_than_the_most_are_asked_to_come_again(address, served, monkeypatch):
    monkeypatch.setattr(served.kitchen, "busy", 64)
    answer = httpx.post(f"{address}/api/runs", json={"runs": 2})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["problems"][0]["code"] == "E85"


def test_whoever_hangs_up_is_not_computed_for(address, served):
    body = {"b": {"arm": "open_truce", "sets": {"contact": 0.123}}, "runs": 24, "readings": ["default"]}
    with httpx.Client(timeout=60) as client, client.stream("POST", f"{address}/api/runs", json=body) as answer:
        next(answer.iter_lines())
    end = time.monotonic() + 20
    while served.kitchen.busy and time.monotonic() < end:
        time.sleep(0.02)
    assert served.kitchen.busy == 0
    time.sleep(0.2)
    held = served.kitchen.laboratory.runs.held
    time.sleep(0.5)
    assert served.kitchen.laboratory.runs.held == held


def test_what_is_kept_has_a_bound(monkeypatch):
    from tregua.app.laboratory import Cache

    cache = Cache(1000)
    for i in range(100):
        cache.put(i, i, 100)
    assert cache.held <= 1000
    assert cache.get(0) is None
    assert cache.get(99) == 99
    cache.put(99, "again", 300)
    assert cache.held <= 1000
