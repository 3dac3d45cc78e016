from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the app needs the extra tregua[app]")
pytest.importorskip("httpx")


@pytest.fixture(scope="session")
def case() -> Any:
    from tregua.case.load import load_case

    return load_case("el_salvador_2012")


@pytest.fixture(scope="session")
def laboratory(case: Any) -> Iterator[Any]:
    from tregua.app.laboratory import Laboratory

    made = Laboratory(case, seed=20120308, threads=2, most_runs=24)
    yield made
    made.close()


@pytest.fixture(scope="session")
def served(case: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from tregua.app.server import make_app

    return make_app(case, tmp_path_factory.mktemp("out"), seed=20120308, most_runs=24, warm=False)


@pytest.fixture(scope="session")
def address(served: Any) -> Iterator[str]:
    from live_server import serving

    with serving(served) as where:
        yield where


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[Any]:
    import httpx

    with httpx.Client(base_url=address, timeout=60.0) as made:
        yield made


@pytest.fixture(scope="session")
def story(client: Any) -> Callable[..., list[dict[str, Any]]]:
    """The messages of one request for runs."""

    def ask(**body: Any) -> list[dict[str, Any]]:
        answer = client.post("/api/runs", json={"runs": 6, "others": False, "readings": ["default"], **body})
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]

    return ask


@pytest.fixture(scope="session")
def compared(case: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Pages of a small comparison that a job of two draws has made."""
    from tregua.app.jobs import Jobs
    from tregua.app.pages import Pages

    jobs = Jobs(case, tmp_path_factory.mktemp("weighing") / case.id, seed=20120308, threads=2)
    made = jobs.add("compare", {"decision": "2012", "draws": 2})
    job = made
    while job.state not in ("done", "failed"):
        job = jobs.wait(made.id, job, 60)
    assert job.state == "done"
    experiment = jobs.experiment(job.settings)
    yield Pages(case, experiment, jobs.store(experiment))
    jobs.close()


@pytest.fixture(scope="session")
def voice(case: Any) -> Any:
    from tregua.app.telling import Voice

    return Voice.of(case.number_style)


@pytest.fixture
def jobs(case: Any, tmp_path: Path) -> Iterator[Any]:
    """The jobs of a folder of its own."""
    from tregua.app.jobs import Jobs

    made = Jobs(case, tmp_path / case.id, seed=20120308)
    yield made
    made.close()
