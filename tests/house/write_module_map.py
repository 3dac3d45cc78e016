"""Write the map of modules into ARCHITECTURE.md, each with the line it says of itself.

Run it after a module came or went: python tests/house/write_module_map.py
"""

from __future__ import annotations

from source_tree import FLOORS, ROOT, modules, room, says_of_itself

OPENING, CLOSING = "<!-- modules -->", "<!-- end of modules -->"


def module_map() -> str:
    """The map in Markdown, top floor first."""
    lines: list[str] = []
    for rooms in [("__init__",), *reversed(FLOORS)]:
        for name in rooms:
            rows = [module for module in modules() if room(module) == name]
            if rows:
                lines += ["", "| module | |", "| --- | --- |"]
                lines += [f"| `{module.as_posix()}` | {says_of_itself(module)} |" for module in rows]
    return "\n".join(lines).strip()


def with_map(text: str) -> str:
    """The document with its map written anew."""
    before, rest = text.split(OPENING)
    _, after = rest.split(CLOSING)
    return f"{before}{OPENING}\n\n{module_map()}\n\n{CLOSING}{after}"


if __name__ == "__main__":
    document = ROOT / "ARCHITECTURE.md"
    document.write_text(with_map(document.read_text(encoding="utf-8")), encoding="utf-8")
