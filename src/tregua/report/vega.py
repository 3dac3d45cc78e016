"""The Vega runtime of live charts: taken out of the exporter's own bundle once, shipped as a file, never fetched.

``python -m tregua.report.vega`` writes ``static/vega.js`` again from the installed vl-convert; a test holds the two
together. The bundle is opened with ``View``, ``parse`` and the expression interpreter only, so that a strict content
policy without ``unsafe-eval`` can run it.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

NAME = "treguaVega"
"""The one global that the runtime leaves: ``{View, parse, expr, version}``."""

_INTERPRETER = re.compile(r"\{expr:(\w+)\.expressionInterpreter\?\?\w+\.expr\?\?(\w+)\}")


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
    found = _INTERPRETER.search(bundle)
    if found is None or "</script" in bundle or "<!--" in bundle:
        raise ValueError("the bundle of this vl-convert holds no interpreter where it is looked for")
    vega, interpreter = found.groups()
    head, _, _ = bundle.rpartition(f"window.{NAME}=")
    version = vl_convert.get_vega_version()
    banner = (
        f"/* Vega {version}, Copyright (c) 2015-2023, University of Washington Interactive Data Lab. BSD-3-Clause. */"
    )
    opened = f"window.{NAME}={{View:{vega}.View,parse:{vega}.parse,expr:{interpreter},version:{version!r}}};"
    return f"{banner}\n(()=>{{{head}{opened}}})();\n"


if __name__ == "__main__":
    Path(str(files("tregua.report").joinpath("static", "vega.js"))).write_text(made(), encoding="utf-8")
