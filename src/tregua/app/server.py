"""The server: every address that the app answers, with what it takes and gives."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import CancelledError
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi import Path as InPath
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

from tregua import __version__
from tregua.app.catalogue import PRIORS, case_view, claim_view, words_view
from tregua.app.export import plan_text, table_text
from tregua.app.flows import flows
from tregua.app.guard import Door, Guard, error_body, is_loopback
from tregua.app.jobs import ENDED, Job, Jobs
from tregua.app.laboratory import Laboratory, Stopped
from tregua.app.link import State, read_link, write_link
from tregua.app.pages import Difference, Pages, Written, difference_card
from tregua.app.scenario import Scenario, decision_of, levels_of
from tregua.app.schema import CardIn, ErrorOut, FlowsIn, JobIn, JobOut, Lang, RunsIn, TableIn, WeighIn, WorkshopIn
from tregua.app.stream import Pairing, first_look, readings_of, tell
from tregua.app.telling import CHARTED, Voice, rows
from tregua.app.weighing import weighed
from tregua.app.workshop import told as table_of_roles
from tregua.errors import Problem, TreguaError, UsageError
from tregua.report import theme
from tregua.report.catalogue import LANGUAGES
from tregua.report.inputs import TABLE_OUTCOMES, Estimate

if TYPE_CHECKING:
    from markupsafe import Markup

    from tregua.case.load import Case

CARD_SECONDS = 5.0
"""Time that one card may spend on readings that nobody has run yet; it says how many it tells of."""
QUIET_SECONDS = 3.0
"""Time without a computation after which pages of results are composed before anybody opens them."""
SWITCH_SECONDS = 0.0005
"""Longest time that one thread keeps the interpreter while another, such as the one that answers, waits for it."""
MOST_STREAMS = 64
"""Requests that compute at the same time; the next is asked to come again."""
STATIC = {
    "app.css": "text/css",
    "app.js": "text/javascript",
    "chart.js": "text/javascript",
    "state.js": "text/javascript",
    "explore.js": "text/javascript",
    "views.js": "text/javascript",
    "effect.js": "text/javascript",
    "workshop.js": "text/javascript",
    "round.js": "text/javascript",
    "claims.js": "text/javascript",
    "record.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
ROUTES = ("", "why", "compare", "effect", "check", "ledger", "report", "jobs", "workshop", "about")
OwnJob = Annotated[
    str | None,
    Query(min_length=1, max_length=64, pattern=r"^[a-z0-9]+$", description="A job that estimated counts of one's own."),
]
Id = Annotated[str, InPath(min_length=1, max_length=160, pattern=r"^[A-Za-z0-9_.-]+$")]
ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"model": ErrorOut, "description": text}
    for code, text in (
        (400, "Something that the caller can mend"),
        (404, "Nothing stands there"),
        (413, "The request is too large"),
        (422, "The request does not have the form described"),
        (503, "Too many requests compute at once"),
    )
}


@dataclass
class Kitchen:
    """What the server works with: one warm laboratory, the pages and the jobs of one case.

    Attributes
    ----------
    far : bool
        Others than this machine ask: what travels is packed.
    busy : int
        Requests that compute now.
    asked : float
        When the last of them ended, on the monotonic clock.
    """

    case: Case
    laboratory: Laboratory
    jobs: Jobs
    pages: Pages
    voice: Voice
    far: bool = False
    busy: int = 0
    asked: float = 0.0
    ready: threading.Event = field(default_factory=threading.Event)


class BusyError(TreguaError):
    """More is asked at once than this machine computes."""

    code = "E85"


def make_app(
    case: Case, out: Path, *, seed: int, threads: int = 2, door: Door | None = None, most_runs: int = 400,
    warm: bool = True,
) -> Guard:  # fmt: skip
    """The application, guarded.

    Parameters
    ----------
    case : Case
    out : Path
        Folder of results; nothing is written outside ``<out>/<case>``.
    seed, threads : int
    door : Door, optional
        Loopback without a token by default.
    most_runs : int
        Pairs a story at most.
    warm : bool
        Compile and run the first pasts as soon as the server starts.
    """
    laboratory = Laboratory(case, seed=seed, threads=threads, most_runs=most_runs)
    jobs = Jobs(case, out / case.id, seed=seed)
    last = next((job.settings for job in jobs.all() if job.state == "done"), {})
    experiment = jobs.experiment(last)
    pages = Pages(case, experiment, jobs.store(experiment))
    jobs.ended = pages.refresh
    far = door is not None and not is_loopback(door.host)
    kitchen = Kitchen(case, laboratory, jobs, pages, Voice.of(case.number_style), far)

    @asynccontextmanager
    async def alive(_: FastAPI) -> AsyncIterator[None]:
        closing = threading.Event()

        def ready() -> None:
            # whoever closes the app before it is warm ends the histories that warm it
            with suppress(Stopped, CancelledError, RuntimeError):
                if warm:
                    laboratory.warm()
                    pairing = Pairing(laboratory, state.decision, state.a, state.b)
                    for reading in readings_of(laboratory, state.decision, []):
                        pairing.ahead(reading, closing)
            kitchen.asked = time.monotonic()
            kitchen.ready.set()
            for lang in LANGUAGES if warm else ():
                # pages are composed where nobody waits for a lever: they would share the interpreter
                while kitchen.busy or time.monotonic() - kitchen.asked < QUIET_SECONDS:
                    if closing.wait(0.2):
                        return
                kitchen.pages.written(lang)

        state = read_link(case, [], model=laboratory.experiment.origin.model, seed=seed)
        turn = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_SECONDS)
        threading.Thread(target=ready, daemon=True, name="warm").start()
        yield
        closing.set()
        jobs.close()
        laboratory.close()
        sys.setswitchinterval(turn)

    api = FastAPI(
        title="tregua", version=__version__, lifespan=alive, docs_url=None, redoc_url=None, openapi_url="/openapi.json",
        description="Simulated histories for discussion, not a forecast, not about any person. "
        "Not for policing, asylum, sanctions or sentencing.",
        responses=ERRORS,
    )  # fmt: skip
    _errors(api)
    _pages(api, kitchen)
    _runs(api, kitchen)
    _jobs(api, kitchen)
    guarded = Guard(api, door or Door())
    guarded.kitchen = kitchen  # type: ignore[attr-defined]
    return guarded


def _errors(api: FastAPI) -> None:
    def told(problems: tuple[Problem, ...], status: int, **headers: str) -> Response:
        return Response(error_body(problems), status, media_type="application/json", headers=headers)

    @api.exception_handler(TreguaError)
    async def _mendable(_: Request, error: TreguaError) -> Response:
        if isinstance(error, BusyError):
            return told(error.problems, 503, **{"retry-after": "1"})
        return told(error.problems, 400)

    @api.exception_handler(RequestValidationError)
    async def _malformed(_: Request, error: RequestValidationError) -> Response:
        problems = tuple(
            Problem("E86", "the request does not have the form described",
                    key=".".join(str(part) for part in row["loc"])[:100], found=repr(row.get("input"))[:100],
                    allowed=str(row["msg"])[:200], mend="see /openapi.json")
            for row in error.errors()[:20]
        )  # fmt: skip
        return told(problems, 422)

    @api.exception_handler(HTTPException)
    async def _nothing(request: Request, error: HTTPException) -> Response:
        code = "E87" if error.status_code == 404 else "E86"
        problem = Problem(code, str(error.detail), key=request.url.path[:100], mend="see /openapi.json")
        return told((problem,), error.status_code, **dict(error.headers or {}))

    @api.exception_handler(Exception)
    async def _fault(_: Request, fault: Exception) -> Response:
        problem = Problem("E88", f"a fault in tregua itself: {type(fault).__name__}", mend="report it")
        return told((problem,), 500)


def _static() -> dict[str, tuple[bytes, str]]:
    """Every file that the server gives, read once: no request names a file."""
    here, report = files("tregua.app").joinpath("static"), files("tregua.report")
    out = {name: (here.joinpath(name).read_bytes(), kind) for name, kind in STATIC.items()}
    out["face.woff2"] = (report.joinpath("fonts", "AtkinsonHyperlegibleNext.woff2").read_bytes(), "font/woff2")
    out["page.css"] = (report.joinpath("templates", "page.css").read_bytes(), "text/css")
    out["theme.css"] = (_theme().encode(), "text/css")
    sheets = (out[name][0] for name in ("theme.css", "page.css", "app.css"))
    out["all.css"] = (b"\n".join(sheets), "text/css")  # one question in place of three
    return out


def _theme() -> str:
    def block(tokens: dict[str, str]) -> str:
        return "".join(f"--{name}:{value};" for name, value in tokens.items())

    face = (
        f'@font-face{{font-family:"{theme.FONT}";font-weight:200 800;font-display:block;'
        'src:url(/static/face.woff2) format("woff2")}'
    )
    dark = block(theme.DARK)
    return (
        f"{face}{theme.css_variables()}:root[data-theme=light]{{color-scheme:light;{block(theme.LIGHT)}}}"
        f"@media screen{{:root[data-theme=dark]{{color-scheme:dark;{dark}}}}}{theme.css_charts()}"
    )


def _marked(static: dict[str, tuple[bytes, str]]) -> tuple[str, dict[str, tuple[bytes, str]], bytes]:
    """A digest of all files, the files naming each other under it, and the page that opens with them.

    What lies under a digest never changes: a browser that has it does not ask again.
    """
    mark = hashlib.sha256(b"".join(body for body, _ in static.values())).hexdigest()[:16]

    def moved(body: bytes) -> bytes:
        for quote in (b'"', b"("):
            body = body.replace(quote + b"/static/", quote + f"/static/{mark}/".encode())
        return body

    texts = ("text/css", "text/javascript")
    index = files("tregua.app").joinpath("static", "index.html").read_bytes()
    return mark, {n: (moved(body) if kind in texts else body, kind) for n, (body, kind) in static.items()}, moved(index)


def _data(value: Any) -> bytes:
    """JSON that can lie inside a page: nothing in it ends the element or begins another."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.encode()


def _pages(api: FastAPI, kitchen: Kitchen) -> None:
    mark, static, index = _marked(_static())
    marks = {name: f'"{hashlib.sha256(body).hexdigest()[:20]}"' for name, (body, _) in static.items()}
    packed = {name: gzip.compress(body, 9, mtime=0) for name, (body, kind) in static.items() if kind != "font/woff2"}
    case = kitchen.case
    told_case, told_words = case_view(case, kitchen.laboratory), words_view()
    view = json.dumps(told_case, ensure_ascii=False).encode()
    words = json.dumps(told_words, ensure_ascii=False).encode()
    before, after = index.split(b"GIVEN")
    before += b'{"words":' + _data(told_words) + b',"case":' + _data(told_case) + b","
    model, seed = kitchen.laboratory.experiment.origin.model, kitchen.laboratory.seed

    def given(request: Request, body: bytes, kind: str, mark: str) -> Response:
        headers = {"etag": mark, "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == mark:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=kind, headers=headers)

    async def shell(request: Request) -> Response:
        """The page, with everything that it needs to draw itself: no second question before the first chart."""
        state = read_link(case, list(request.query_params.multi_items()), model=model, seed=seed)
        rest: dict[str, Any] = {"link": _state_view(kitchen, state)}
        if request.url.path == "/":
            rest["first"] = await asyncio.to_thread(_first_look, kitchen, state)
        body, headers = before + _data(rest)[1:] + after, {"cache-control": "no-cache"}
        if kitchen.far and "gzip" in request.headers.get("accept-encoding", ""):
            body, headers = gzip.compress(body, 1), headers | {"content-encoding": "gzip", "vary": "accept-encoding"}
        return Response(body, media_type="text/html; charset=utf-8", headers=headers)

    for route in ROUTES:
        api.add_api_route(f"/{route}", shell, methods=["GET"], include_in_schema=False)

    @api.get("/static/{name}", include_in_schema=False)
    async def static_file(request: Request, name: str) -> Response:
        if name not in static:
            raise HTTPException(404, "nothing stands there")
        body, kind = static[name]
        return given(request, body, kind, marks[name])

    @api.get("/static/{digest}/{name}", include_in_schema=False)
    async def kept_file(request: Request, digest: str, name: str) -> Response:
        if name not in static or digest != mark:
            raise HTTPException(404, "nothing stands there")
        body, kind = static[name]
        headers = {"cache-control": "public, max-age=31536000, immutable"}
        if kitchen.far and name in packed and "gzip" in request.headers.get("accept-encoding", ""):
            body, headers = packed[name], headers | {"content-encoding": "gzip", "vary": "accept-encoding"}
        return Response(body, media_type=kind, headers=headers)

    @api.get("/api/case", summary="The case: levers, responses, readings, outcomes, counts, events")
    async def the_case(request: Request) -> Response:
        return given(request, view, "application/json", f'"{hashlib.sha256(view).hexdigest()[:20]}"')

    @api.get("/api/words", summary="Every string of the app, in both languages")
    async def the_words(request: Request) -> Response:
        return given(request, words, "application/json", f'"{hashlib.sha256(words).hexdigest()[:20]}"')

    @api.get("/api/ready", summary="Whether the model is compiled and the first pasts are run")
    async def ready() -> dict[str, Any]:
        return {"ready": kitchen.ready.is_set(), "version": __version__}

    @api.get("/api/link", summary="Read a permalink; what cannot be kept of it is named")
    async def link(request: Request) -> dict[str, Any]:
        pairs = list(request.query_params.multi_items())
        return _state_view(kitchen, read_link(case, pairs, model=model, seed=seed))

    def own(job: str, lang: str) -> Written:
        found = kitchen.pages.estimated(*kitchen.jobs.effect(job), lang)
        if found is None:
            raise UsageError(
                "this job has no estimate of your own counts", key="job", found=job, allowed="one that is done",
                mend="wait until it is done, or start it again",
            )  # fmt: skip
        return found

    @api.get(
        "/api/pages/{page}", summary="A page of results, as markup", responses={200: {"content": {"text/html": {}}}}
    )
    async def page(page: Id, lang: Lang = "en", job: OwnJob = None) -> Response:
        def markup() -> str:
            return kitchen.pages.page(page, lang) if job is None else _part(own(job, lang).pages, page, "page")

        body = await asyncio.to_thread(markup)
        return Response(str(body), media_type="text/html", headers={"cache-control": "no-store"})

    @api.get("/api/cards/{card}", summary="The card of a number or the box of a claim, as markup",
             responses={200: {"content": {"text/html": {}}}})  # fmt: skip
    async def card(card: Id, lang: Lang = "en", job: OwnJob = None) -> Response:
        def markup() -> str:
            return kitchen.pages.card(card, lang) if job is None else _part(own(job, lang).cards, card, "card")

        body = await asyncio.to_thread(markup)
        return Response(str(body), media_type="text/html", headers={"cache-control": "no-store"})

    @api.get("/api/claims", summary="Claims of the ledger that are not about one person, with what stands beside them")
    async def claims() -> list[dict[str, Any]]:
        def told() -> list[dict[str, Any]]:
            return [claim_view(one) for one in kitchen.pages.inputs().claims if not one.about_person]

        return await asyncio.to_thread(told)

    @api.get("/api/anchors/{anchor}", summary="The page on which an anchor stands")
    async def anchor(anchor: Id, lang: Lang = "en") -> dict[str, str]:
        written = await asyncio.to_thread(kitchen.pages.written, lang)
        return {"page": written.anchors.get(anchor, "")}


def _part(parts: Mapping[str, Markup], name: str, key: str) -> Markup:
    if name not in parts:
        allowed = ", ".join(list(parts)[:8])
        raise UsageError(f"no such {key}", key=key, found=name, allowed=allowed, mend="use one of the names listed")
    return parts[name]


def _first_look(kitchen: Kitchen, state: State) -> dict[str, Any] | None:
    """The first stories of a state whose histories are kept already; None where they would have to be run."""
    laboratory, known = kitchen.laboratory, kitchen.laboratory.readings(state.decision)
    asked = [reading for reading in PRIORS if reading in known] if state.triad == "priors" else []
    try:
        pairing = Pairing(laboratory, state.decision, state.a, state.b)
        readings = readings_of(laboratory, state.decision, asked)
    except TreguaError:
        return None
    return first_look(pairing, kitchen.voice, outcome=state.outcome, readings=readings, each=state.view == "histories")


def _state_view(kitchen: Kitchen, state: State) -> dict[str, Any]:
    def day(value: date | None) -> str | None:
        return None if value is None else value.isoformat()

    def side(scenario: Scenario) -> dict[str, Any]:
        levels = levels_of(kitchen.case, state.decision, scenario)
        start, end = day(scenario.start), day(scenario.end)
        return {"arm": scenario.arm, "sets": dict(scenario.sets), "start": start, "end": end, "levels": levels}

    laboratory = kitchen.laboratory
    sheet = asdict(state.sheet)
    for setting in sheet["settings"]:
        setting |= {key: day(setting[key]) for key in ("start", "end")}
    pairs = write_link(state, model=laboratory.experiment.origin.model, case=kitchen.case.digest, seed=laboratory.seed)
    return {
        "decision": state.decision, "a": side(state.a), "b": side(state.b), "outcome": state.outcome,
        "view": state.view, "triad": state.triad, "sheet": sheet, "link": pairs,
        "notes": [kitchen.voice.text(f"app.{key}", **slots) for key, slots in state.notes],
    }  # fmt: skip


def _decision(kitchen: Kitchen, asked: str | None) -> str:
    return decision_of(kitchen.case, asked or next(iter(kitchen.case.decisions))).id


def _outcome(asked: str, allowed: tuple[str, ...]) -> str:
    if asked not in allowed:
        raise UsageError(
            "this outcome is not drawn", key="outcome", found=asked, allowed=", ".join(allowed), mend="use one of these"
        )
    return asked


async def _counted(kitchen: Kitchen, work: Callable[[], Awaitable[Any]]) -> Any:
    """Compute one answer, unless too many are being computed."""
    if kitchen.busy >= MOST_STREAMS:
        raise _busy()
    kitchen.busy += 1
    try:
        return await work()
    finally:
        kitchen.busy -= 1
        kitchen.asked = time.monotonic()


def _busy() -> BusyError:
    return BusyError(
        "too many requests compute at once", key="requests", found=MOST_STREAMS, allowed=f"{MOST_STREAMS} at a time",
        mend="ask again in a moment",
    )  # fmt: skip


def _runs(api: FastAPI, kitchen: Kitchen) -> None:
    laboratory, voice = kitchen.laboratory, kitchen.voice

    def paired(asked: Any) -> tuple[str, Pairing]:
        decision = _decision(kitchen, asked.decision)
        return decision, Pairing(laboratory, decision, asked.a.scenario(), asked.b.scenario())

    @api.post(
        "/api/runs",
        summary="Run two scenarios in pairs; one JSON object a line, ever sharper",
        responses={200: {"content": {"application/x-ndjson": {}}}},
    )
    async def runs(asked: RunsIn) -> StreamingResponse:
        decision, pairing = paired(asked)
        readings = readings_of(laboratory, decision, asked.readings)
        outcome = _outcome(asked.outcome, CHARTED)
        if kitchen.busy >= MOST_STREAMS:
            raise _busy()

        async def lines() -> AsyncIterator[bytes]:
            kitchen.busy += 1
            try:
                async for message in tell(
                    pairing, voice, outcome=outcome, readings=readings, most=asked.runs, each=asked.histories,
                    others=asked.others,
                ):  # fmt: skip
                    yield json.dumps(message, ensure_ascii=False, allow_nan=False).encode() + b"\n"
            except TreguaError as error:
                yield error_body(error.problems) + b"\n"
            finally:
                kitchen.busy -= 1
                kitchen.asked = time.monotonic()

        return StreamingResponse(lines(), media_type="application/x-ndjson", headers={"cache-control": "no-store"})

    @api.post("/api/levers", summary="Value of every lever of both scenarios on the first day of their windows")
    async def levers(asked: CardIn) -> dict[str, Any]:
        decision = _decision(kitchen, asked.decision)
        return {
            side: levels_of(kitchen.case, decision, scenario.scenario())
            for side, scenario in (("a", asked.a), ("b", asked.b))
        }

    @api.post("/api/card", summary="The six stops behind one number of the difference, as markup",
              responses={200: {"content": {"text/html": {}}}})  # fmt: skip
    async def card(asked: CardIn) -> Response:
        decision, pairing = paired(asked)
        outcome = _outcome(asked.outcome, TABLE_OUTCOMES)
        readings_of(laboratory, decision, [asked.reading])

        async def work() -> Response:
            halt = threading.Event()
            place = TABLE_OUTCOMES.index(outcome)
            a, b = await pairing.run(asked.reading, asked.runs, halt)
            row = rows(voice, a, b, pairing.horizon)[place]
            signs = []
            few, began = min(24, asked.runs, laboratory.stages[-1]), time.monotonic()
            for reading in laboratory.readings(decision):
                # the page has run them already; a program that asks out of the blue is told as many as time allows
                known = all(laboratory.kept(plan, reading, decision, range(few)) for plan in pairing.plans)
                if not known and time.monotonic() - began > CARD_SECONDS:
                    continue
                x, y = await pairing.run(reading, few, halt)
                signs.append((reading, int(rows(voice, x, y, pairing.horizon)[place]["sign"])))
            number = Difference(
                decision, pairing.years, outcome, asked.reading,
                Estimate(row["q50"], row["q05"], row["q95"], row["mcse"], None, row["n"]), row["fall"],
                _spoken(kitchen, decision, asked.a.scenario(), asked.lang),
                _spoken(kitchen, decision, asked.b.scenario(), asked.lang), tuple(signs),
                f"tregua compare --plan plan.toml --draws {row['n']} --seed {laboratory.seed}",
                tuple((hump["chance"][asked.lang], hump["text"][asked.lang]["value"]) for hump in row["humps"] or ()),
            )  # fmt: skip

            def drawn() -> str:
                return str(difference_card(kitchen.pages.context(asked.lang), number))

            return Response(await asyncio.to_thread(drawn), media_type="text/html")

        return await _counted(kitchen, work)  # type: ignore[no-any-return]

    @api.post("/api/table", summary="Both scenarios and their difference as CSV, unrounded, with errors",
              responses={200: {"content": {"text/csv": {}}}})  # fmt: skip
    async def table(asked: TableIn) -> Response:
        decision, pairing = paired(asked)
        readings = readings_of(laboratory, decision, asked.readings)

        async def work() -> Response:
            halt = threading.Event()
            found = {reading: await pairing.run(reading, asked.runs, halt) for reading in readings}
            text = await asyncio.to_thread(table_text, kitchen.case, laboratory, pairing, asked, found)
            return _file(text, "text/csv; charset=utf-8", f"tregua-{kitchen.case.id}-{decision}.csv")

        return await _counted(kitchen, work)  # type: ignore[no-any-return]

    @api.post("/api/plan", summary="Both scenarios as a plan for `tregua compare --plan`",
              responses={200: {"content": {"application/toml": {}}}})  # fmt: skip
    async def plan(asked: TableIn) -> Response:
        decision, _ = paired(asked)
        readings = readings_of(laboratory, decision, asked.readings)
        text = plan_text(kitchen.case, laboratory.seed, decision, asked, readings)
        return _file(text, "application/toml", "plan.toml")

    @api.post("/api/flows", summary="Who moved, who died, what moved each capital, in a window of weeks")
    async def why(asked: FlowsIn) -> dict[str, Any]:
        decision = _decision(kitchen, asked.decision)
        readings_of(laboratory, decision, [asked.reading])

        async def work() -> dict[str, Any]:
            return await asyncio.to_thread(flows, laboratory, voice, decision, asked)

        return await _counted(kitchen, work)  # type: ignore[no-any-return]

    @api.post("/api/weigh", summary="Regret of the compared responses under weights and thresholds of one's own")
    async def weigh(asked: WeighIn) -> dict[str, Any]:
        decision = _decision(kitchen, asked.decision)

        async def work() -> dict[str, Any]:
            return await asyncio.to_thread(
                weighed, kitchen.case, kitchen.pages, voice, decision, asked.years, asked.weights, asked.thresholds
            )

        return await _counted(kitchen, work)  # type: ignore[no-any-return]

    @api.post("/api/workshop", summary="Which responses each role of a workshop accepts, and where the roles agree")
    async def workshop(asked: WorkshopIn) -> dict[str, Any]:
        decision = _decision(kitchen, asked.decision)
        roles: dict[str, tuple[Mapping[str, float], Mapping[str, float]]] = {
            role: (one.thresholds, one.weights) for role, one in asked.roles.items()
        }

        async def work() -> dict[str, Any]:
            return await asyncio.to_thread(
                table_of_roles, kitchen.case, kitchen.pages, voice, decision, asked.years, asked.chance, roles
            )

        return await _counted(kitchen, work)  # type: ignore[no-any-return]


def _spoken(kitchen: Kitchen, decision: str, scenario: Scenario, lang: str) -> str:
    arm = kitchen.case.decisions[decision].arms[scenario.arm]
    label = arm.label_es if lang == "es" else arm.label_en
    moved = ", ".join(f"{name} = {value:g}" for name, value in sorted(scenario.sets.items()))
    days = " · ".join(str(day) for day in (scenario.start, scenario.end) if day is not None)
    return " · ".join(part for part in (label, moved, days) if part)


def _file(text: str, kind: str, name: str) -> Response:
    return Response(
        text,
        media_type=kind,
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )


def _jobs(api: FastAPI, kitchen: Kitchen) -> None:
    jobs = kitchen.jobs

    def view(job: Job) -> JobOut:
        return JobOut(**asdict(job))

    @api.get("/api/jobs", summary="Every job, the newest first")
    async def every() -> list[JobOut]:
        return [view(job) for job in jobs.all()]

    @api.post("/api/jobs", status_code=201, summary="Ask for a longer computation")
    async def add(asked: JobIn) -> JobOut:
        settings = {key: value for key, value in asked.model_dump().items() if key != "kind" and value is not None}
        return view(await asyncio.to_thread(jobs.add, asked.kind, settings))

    @api.get("/api/jobs/{job}", summary="One job")
    async def one(job: Id) -> JobOut:
        return view(jobs.get(job))

    @api.post("/api/jobs/{job}/cancel", summary="Stop it; what is finished is kept")
    async def cancel(job: Id) -> JobOut:
        return view(await asyncio.to_thread(jobs.cancel, job))

    @api.post("/api/jobs/{job}/resume", summary="Go on with a job that ended before its time")
    async def resume(job: Id) -> JobOut:
        return view(await asyncio.to_thread(jobs.resume, job))

    @api.get("/api/jobs/{job}/events", summary="The job each time it changes, one JSON object a line",
             responses={200: {"content": {"application/x-ndjson": {}}}})  # fmt: skip
    async def events(job: Id, request: Request) -> StreamingResponse:
        seen = jobs.get(job)

        async def lines() -> AsyncIterator[bytes]:
            now = seen
            yield view(now).model_dump_json().encode() + b"\n"
            while now.state not in ENDED and not await request.is_disconnected():
                now = await asyncio.to_thread(jobs.wait, job, now, 1.0)
                yield view(now).model_dump_json().encode() + b"\n"

        return StreamingResponse(lines(), media_type="application/x-ndjson", headers={"cache-control": "no-store"})
