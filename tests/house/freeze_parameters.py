"""Freeze the declared parameters of a release: run it when the version number is raised, never to silence the test.

python tests/house/freeze_parameters.py
"""

from __future__ import annotations

import json
from pathlib import Path

FROZEN = Path(__file__).parent / "frozen_parameters.json"


def declared() -> dict[str, list[object]]:
    """Name -> default, prior, bounds, role, tier."""
    from tregua.model.declare import PARAMETERS

    return {n: [p.default, p.prior, p.lower, p.upper, p.role, p.tier] for n, p in PARAMETERS.items()}


if __name__ == "__main__":
    from tregua import __version__

    kept = json.loads(FROZEN.read_text(encoding="utf-8")) if FROZEN.exists() else {}
    kept[__version__] = declared()
    lines = [
        f'"{version}": {{\n' + ",\n".join(f"  {json.dumps(n)}: {json.dumps(v)}" for n, v in rows.items()) + "\n}"
        for version, rows in kept.items()
    ]
    FROZEN.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
