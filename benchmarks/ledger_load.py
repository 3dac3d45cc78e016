"""How long a ledger of five thousand claims takes to load and to be checked, in processor time.

Run: ``python benchmarks/ledger_load.py [claims]``. The aim is under two seconds.
"""

from __future__ import annotations

import sys
import time

from tregua.ledger import parse_ledger

ROLES = """
[[role]]
id = "editors"
kind = "group"
label_en = "the editors"
label_es = "quienes editan"

[[role]]
id = "prosecutors"
kind = "institution"
label_en = "the prosecutors"
label_es = "la fiscalía"

[[role]]
id = "interlocutor"
kind = "person"
label_en = "the interlocutor"
label_es = "el interlocutor"

[[source]]
key = "SEED"
kind = "article"
publisher = "A newspaper"
title = "An article"
date = "2018"
"""
CLAIM = """
[[claim]]
id = "C{n:05d}"
asserter = "prosecutors"
subject = "interlocutor"
about_person = true
asserted = "2016"
period = "unknown"
source = "SEED"
place = "¶7"
grade = "B6"
part = [{{ kind = "alleged", en = "The prosecutors allege that it was so.", es = "Según la fiscalía, así fue." }}]
link = [
  {{ to = ["parameter:p{n}", "mechanism:m{m}"], how = "supports", en = "It says so.", es = "Así lo dice." }},
  {{ to = "reading:*", how = "consistent", en = "It fits all.", es = "Encaja con todas." }},
]
"""
RELATION = """
[[relation]]
from = "C{n:05d}"
kind = "replies_to"
to = "C{m:05d}"
en = "It replies."
es = "Responde."
"""


def texts(claims: int) -> dict[str, str]:
    """Files of a ledger with that many claims, a reply to every second one and two links each."""
    return {
        "claims.toml": "".join(CLAIM.format(n=n, m=n % 40) for n in range(claims)),
        "relations.toml": "".join(RELATION.format(n=n, m=n - 1) for n in range(1, claims, 2)),
        "roles.toml": ROLES,
    }


def declared(claims: int) -> dict[str, list[str]]:
    """What their links lead to."""
    return {"parameter": [f"p{n}" for n in range(claims)], "mechanism": [f"m{m}" for m in range(40)]}


def main() -> None:
    """Time it and print one line a step."""
    claims = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    files = texts(claims)
    started = time.process_time()
    ledger = parse_ledger(files)
    loaded = time.process_time()
    problems = ledger.check(declared(claims))
    checked = time.process_time()
    print(f"{claims} claims, {sum(map(len, files.values())) / 1e6:.1f} MB")
    print(f"load  {loaded - started:.2f} s")
    print(f"check {checked - loaded:.2f} s, {len(problems)} problems")
    print(f"total {checked - started:.2f} s")


if __name__ == "__main__":
    main()
