"""The source tree as data: modules, the line each says of itself, and what each imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "tregua"

# Bottom first. A room may import from floors below its own only; rooms of one floor do not know each other.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("spanish",),
    ("errors",),
    ("model", "series", "ledger"),
    ("case",),
    ("effect", "runs"),
    ("explore", "calibrate"),
    ("report",),
    ("app",),
    ("cli",),
    ("__main__",),
)


def modules() -> list[Path]:
    """Every module of the package, relative to it; empty package markers are left out."""
    found = (path for path in sorted(PACKAGE.rglob("*.py")) if "__pycache__" not in path.parts)
    return [path.relative_to(PACKAGE) for path in found if path.read_text(encoding="utf-8").strip()]


def room(module: Path) -> str:
    """The room in which a module lives; the package's own ``__init__`` is its front door."""
    return module.parts[0].removesuffix(".py")


def floor(name: str) -> int:
    """Floor of a room."""
    return next(level for level, rooms in enumerate(FLOORS) if name in rooms)


def tree(module: Path) -> ast.Module:
    return ast.parse((PACKAGE / module).read_text(encoding="utf-8"))


def says_of_itself(module: Path) -> str:
    """First sentence of a module's description."""
    text = ast.get_docstring(tree(module)) or ""
    return " ".join(text.split("\n\n")[0].split())


def imports(module: Path) -> Iterator[tuple[str, str]]:
    """What a module imports anywhere in it: (dotted module, name), the name empty for a plain import."""
    parts = ("tregua", *module.with_suffix("").parts)
    package = parts[:-1]
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            stem = node.module or ""
            if node.level:
                above = package[: len(package) - node.level + 1]
                stem = ".".join([*above, stem] if stem else above)
            yield from ((stem, alias.name) for alias in node.names)


def rooms_imported(module: Path) -> Iterator[tuple[str, str]]:
    """Rooms of the package that a module imports from, with what it asks for."""
    for stem, name in imports(module):
        if stem.split(".")[0] != "tregua":
            continue
        parts = [*stem.split(".")[1:], name] if name else stem.split(".")[1:]
        if parts and parts[0]:
            yield parts[0], f"{stem} {name}".strip()
