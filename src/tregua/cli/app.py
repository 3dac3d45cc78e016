"""``tregua app``: move the levers in a browser, on this machine and without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tregua.cli.option import Lang, Out, Quiet, Seed, Threads
from tregua.cli.phrase import phrase
from tregua.cli.screen import Screen
from tregua.errors import UsageError

EVERYWHERE = ("0.0.0.0", "::")


def app(
    case: Annotated[str, typer.Argument(help="A case folder, or the id of a bundled case.")] = "el_salvador_2012",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")] = 8314,
    host: Annotated[str, typer.Option("--host", help="Address; anything but loopback asks for a token.")] = "127.0.0.1",
    name: Annotated[
        list[str] | None, typer.Option("--name", help="A host name by which this machine is called; repeat it.")
    ] = None,
    runs: Annotated[int, typer.Option("--runs", min=24, max=400, help="Pairs a story at most.")] = 400,
    browser: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    seed: Seed = 20120308,
    threads: Threads = None,
    out: Out = None,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Move the levers in a browser and see the world change."""
    import os
    import secrets

    screen = Screen(lang, quiet=quiet)
    screen.note(phrase("app.start", lang))
    try:
        import uvicorn

        from tregua.app.guard import Door, is_loopback
        from tregua.app.server import make_app
    except ModuleNotFoundError as missing:
        raise UsageError(
            "the app needs two more libraries", key="tregua app", found=f"no module {missing.name}",
            allowed="fastapi and uvicorn", mend='install them: pip install "tregua[app]"',
        ) from missing  # fmt: skip
    from tregua.app.port import listening
    from tregua.case.load import load_case

    loaded = load_case(case)
    token = "" if is_loopback(host) else secrets.token_urlsafe(24)
    line = listening(host, port)
    bound = line.getsockname()[1]
    parent = Path(out) if out else Path("out")
    served = make_app(
        loaded, parent, seed=seed, threads=threads or os.cpu_count() or 1,
        door=Door(host, token, tuple(name or ())), most_runs=runs,
    )  # fmt: skip
    shown = f"[{host}]" if ":" in host else host
    address = (
        f"http://{shown}:{bound}/" + (f"?token={token}" if token else "") + (f"{'&' if token else '?'}lang={lang}")
    )
    whole = phrase("app.open", lang, address=address)
    if screen.width is None or len(whole) <= screen.width:
        screen.say(whole)
    else:  # an address broken in two can be neither followed nor copied
        screen.say(phrase("app.open", lang, address="").rstrip())
        screen.page(address)
    if host in EVERYWHERE:
        screen.note(phrase("app.everywhere", lang, host=shown))
    if token:
        screen.note(phrase("app.token", lang))
    screen.note(phrase("app.stop", lang))
    screen.harm()
    if browser:
        import webbrowser

        webbrowser.open(address)
    config = uvicorn.Config(
        served, log_level="warning", access_log=False, server_header=False, timeout_keep_alive=30,
        timeout_graceful_shutdown=3, limit_concurrency=512,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[line])
