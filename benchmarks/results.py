"""The page of results, RESULTS.md: each benchmark writes its own section and leaves the others as they are."""

from __future__ import annotations

from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
ORDER = ("Benchmark", "Workers of a cluster", "Latency of the app in the browser")


def put(heading: str, body: str, page: Path = RESULTS) -> None:
    """Write one section, in its place among the others.

    Parameters
    ----------
    heading : str
        One of `ORDER`.
    body : str
        Markdown, without the heading.
    page : Path
    """
    sections = read(page)
    sections[heading] = body.strip()
    known = sorted(sections, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    page.write_text("\n".join(f"# {name}\n\n{sections[name]}\n" for name in known), encoding="utf-8")


def read(page: Path = RESULTS) -> dict[str, str]:
    """Bodies by heading, in the order of the page."""
    sections: dict[str, str] = {}
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    for part in ("\n" + text).split("\n# ")[1:]:
        heading, _, body = part.partition("\n")
        sections[heading.strip()] = body.strip()
    return sections
