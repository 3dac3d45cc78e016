"""The Vega runtime of live charts: taken out of the exporter's own bundle once, shipped as a file, never fetched.

``python -m tregua.report.vega`` writes ``static/vega.js`` again from the installed vl-convert; a test holds the two
together. It is the bundle up to where the library and the expression interpreter end, opened with ``View``, ``parse``
and the interpreter: a strict content policy without ``unsafe-eval`` can run it, and neither a compiler nor an embedding
with menus and links out is in it.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

NAME = "treguaVega"
"""The one global that the runtime leaves: ``{View, parse, expr, version}``."""

_LIBRARY = re.compile(r"\{expr:(\w+)\.expressionInterpreter\?\?\w+\.expr\?\?(\w+)\}")
"""Where the bundle's embedding says what it calls the library and the interpreter."""
_NEXT = re.compile(r"(?<=;)var [\w$]+=\"\d+\.\d+\.\d+\";")
"""The version with which the next package of the bundle begins: the compiler, which no page needs."""


@cache
def runtime() -> str:
    """Text of the runtime, as shipped."""
    return files("tregua.report").joinpath("static", "vega.js").read_text(encoding="utf-8")


def made() -> str:
    """The same text, made again from the installed vl-convert.

    Raises
    ------
    ValueError
        The bundle of this version is put together in another way.
    """
    import vl_convert

    bundle: str = vl_convert.javascript_bundle(f"window.{NAME}=vegaEmbed;")
    found = _LIBRARY.search(bundle)
    here = bundle.find(f"var {found[2]}={{operator(") if found is not None else -1
    end = _NEXT.search(bundle, here) if here > 0 else None
    if found is None or end is None:
        raise ValueError("the bundle of this vl-convert holds no interpreter where it is looked for")
    version = vl_convert.get_vega_version()
    banner = (
        f"/* Vega {version}, Copyright (c) 2015-2023, University of Washington Interactive Data Lab. BSD-3-Clause. */"
    )
    opened = f"window.{NAME}={{View:{found[1]}.View,parse:{found[1]}.parse,expr:{found[2]},version:{version!r}}};"
    text = f"{banner}\n(()=>{{{bundle[: end.start()]}{opened}}})();\n"
    if "</script" in text or "<!--" in text:
        raise ValueError("the bundle of this vl-convert would end the element that it stands in")
    return text


if __name__ == "__main__":
    Path(str(files("tregua.report").joinpath("static", "vega.js"))).write_text(made(), encoding="utf-8")
