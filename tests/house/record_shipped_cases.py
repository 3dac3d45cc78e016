"""Record the digests of the bundled cases as shipped: run it after a bundled case was changed on purpose.

python tests/house/record_shipped_cases.py
"""

from __future__ import annotations

import json

from tregua.case.load import BUNDLED, bundled_cases, digest_of


def recorded() -> str:
    """The text of ``cases/shipped.json`` for the cases as they lie here."""
    return json.dumps({case: digest_of(BUNDLED / case) for case in bundled_cases()}, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    (BUNDLED / "shipped.json").write_text(recorded(), encoding="utf-8")
