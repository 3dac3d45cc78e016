"""``tregua odd``: the model described, from its own declarations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tregua.cli.option import Lang
from tregua.cli.phrase import phrase
from tregua.cli.screen import Screen
from tregua.errors import StoreError


def odd(
    out: Annotated[Path | None, typer.Option("--out", help="Write to this file instead of the screen.")] = None,
    lang: Lang = "en",
) -> None:
    """The ODD protocol in Markdown: entities, schedule, equations as they run, every parameter with its evidence."""
    from tregua.model.odd import odd as protocol

    text = protocol(lang)
    screen = Screen(lang)
    if out is None:
        screen.page(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(
            "the file cannot be written",
            file=str(out),
            found=error.strerror or type(error).__name__,
            allowed="a path in a folder that exists and can be written",
            mend="choose another path with --out",
        ) from error
    screen.say(phrase("odd.written", lang, path=out))
