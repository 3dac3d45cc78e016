"""What the site does beyond Markdown, while it is built; nothing here reaches for a network.

Documents of the root become pages, links to them are led there, notebooks become pages, ``math`` blocks become MathML,
drawings are put into the page so that they take its colours, and a claim named in a text leads to its box.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "README.md": "index.md",
    "RESPONSIBLE_USE.md": "project/responsible-use.md",
    "MODEL_CARD.md": "project/model-card.md",
    "ARCHITECTURE.md": "project/architecture.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changelog.md",
    "SECURITY.md": "project/security.md",
    "CITATION.cff": "project/citation.md",
    "NOTICE": "project/notice.md",
    "LICENSE": "project/notice.md",
}
FACE = ROOT / "src" / "tregua" / "report" / "fonts" / "AtkinsonHyperlegibleNext.woff2"
TITLES = {"CITATION.cff": "Citing", "NOTICE": "Notice"}
BESIDE = {"LICENSE": "NOTICE"}
MATH = re.compile(r"^```math\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"(\]\()([^)#\s]+)((?:#[^)\s]*)?\))")
IMAGE = re.compile(r'<img alt="([^"]*)" src="([^"]+\.svg)"\s*/?>')
CLAIM = re.compile(r"(?<![\w#/.\-])([CQF]\d{2})(?![\w\-])")
CLAIMS = "reference/claims.md"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the documents of the root, and the notebooks, as pages."""
    for name, target in PAGES.items():
        if name in ("README.md", *BESIDE):
            continue
        text = (ROOT / name).read_text(encoding="utf-8")
        if name in TITLES:
            text = f"# {TITLES[name]}\n\n```text\n{text.rstrip()}\n```\n"
            text += "".join(
                f"\n## {other.title()}\n\n```text\n{(ROOT / other).read_text(encoding='utf-8').rstrip()}\n```\n"
                for other, home in BESIDE.items()
                if home == name
            )
        files.append(File.generated(config, target, content=_led(text, "", target)))
    files.append(File.generated(config, "assets/face.woff2", abs_src_path=str(FACE)))
    for path in sorted((ROOT / "examples").glob("*.ipynb")):
        target = f"notebooks/{path.stem}.md"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        files.append(File.generated(config, target, content=_led(notebook_page(notebook), "examples", target)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links to pages of the site, and set formulas."""
    if page.file.generated_by is None:
        place = posixpath.join("docs", posixpath.dirname(page.file.src_uri))
        markdown = _led(markdown, place, page.file.src_uri)
    return MATH.sub(lambda found: formula(found.group(1)), markdown)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put drawings into the page, make claims links, and say which language a Spanish page is in."""
    html = IMAGE.sub(lambda found: drawing(Path(config.docs_dir), page, found.group(2), found.group(1)), html)
    if page.file.src_uri not in (CLAIMS, "project/changelog.md") and files.get_file_from_path(CLAIMS) is not None:
        home = posixpath.relpath("reference/claims.html", posixpath.dirname(page.file.src_uri) or ".")
        html = claims_linked(html, home, known_claims(Path(config.docs_dir)))
    return f'<div lang="es">\n{html}\n</div>' if page.file.src_uri.startswith("es/") else html


def _led(text: str, place: str, page: str) -> str:
    """Links of a text that lies in `place` of the repository, as links from `page` of the site."""

    def lead(found: re.Match[str]) -> str:
        head, link, tail = found.groups()
        if re.match(r"[a-z]+:", link):
            return found.group(0)
        whole = posixpath.normpath(posixpath.join(place, link))
        if whole in PAGES:
            target = PAGES[whole]
        elif whole.startswith("examples/") and whole.endswith(".ipynb"):
            target = f"notebooks/{posixpath.basename(whole).removesuffix('.ipynb')}.md"
        elif whole.startswith("docs/"):
            target = whole.removeprefix("docs/")
        else:
            return found.group(0)
        return f"{head}{posixpath.relpath(target, posixpath.dirname(page) or '.')}{tail}"

    parts = re.split(r"(^```.*?^```$)", text, flags=re.M | re.S)
    return "".join(part if part.startswith("```") else LINK.sub(lead, part) for part in parts)


def formula(tex: str) -> str:
    """A formula as MathML, with its source as the text for those who cannot see it."""
    rows = [line.strip() for line in tex.strip().splitlines() if line.strip()]
    return "\n".join(f'<div class="formula">{convert(row, display="block")}</div>' for row in rows)


def drawing(docs: Path, page: Page, source: str, told: str) -> str:
    """An SVG file, written into the page under its text alternative."""
    place = posixpath.normpath(posixpath.join(posixpath.dirname(page.file.src_uri), source))
    text = (docs / place).read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        raise ValueError(f"{place} is not an SVG")
    body = text[text.index("<svg") :]
    body = body.replace("<svg", f'<svg role="img" aria-label="{escape(told, quote=True)}"', 1)
    return f'<div class="wide">{body}</div>'


def known_claims(docs: Path) -> frozenset[str]:
    """Ids of the claims that have a box."""
    return frozenset(re.findall(r'<a id="(\w+)">', (docs / CLAIMS).read_text(encoding="utf-8")))


def claims_linked(html: str, home: str, known: frozenset[str]) -> str:
    """Ids of claims in the text lead to their boxes; code, links, headings and drawings are left alone."""
    parts = re.split(r"(<(?:pre|code|a|h[1-6]|svg|math|script)\b.*?</(?:pre|code|a|h[1-6]|svg|math|script)>|<[^>]+>)",
                     html, flags=re.S)  # fmt: skip

    def link(found: re.Match[str]) -> str:
        name = found.group(1)
        return f'<a class="claim" href="{home}#{name}">{name}</a>' if name in known else name

    return "".join(part if part.startswith("<") else CLAIM.sub(link, part) for part in parts)


def notebook_page(notebook: Mapping[str, Any]) -> str:
    """A notebook as Markdown: its texts, its code, and the outputs that are kept in it."""
    out: list[str] = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            out.append(source)
        elif cell["cell_type"] == "code":
            out.append(f"```python\n{source}\n```")
            out += [shown for output in cell["outputs"] if (shown := _output(output))]
    return "\n\n".join(out) + "\n"


def _output(output: Mapping[str, Any]) -> str:
    if output["output_type"] == "stream":
        return "```text\n" + "".join(output["text"]).rstrip() + "\n```" if output.get("name") == "stdout" else ""
    data = output.get("data", {})
    if "image/svg+xml" in data:
        return '<div class="picture">' + "".join(data["image/svg+xml"]).strip() + "</div>"
    if "text/plain" in data:
        return "```text\n" + "".join(data["text/plain"]).rstrip() + "\n```"
    return ""
