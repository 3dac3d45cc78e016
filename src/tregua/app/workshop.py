"""A workshop: roles write what they would accept and how they weigh harm, and see where they agree.

A role that writes nothing is not in the table. Responses keep their fixed order, and no role is told which to choose.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tregua.app.sheet import ROLES
from tregua.app.weighing import REFERENCE, against, compared, least, share_text
from tregua.explore.answers import satisficing

if TYPE_CHECKING:
    from tregua.app.pages import Pages
    from tregua.app.telling import Voice
    from tregua.case.load import Case


def told(
    case: Case, pages: Pages, voice: Voice, decision: str, horizon: int, chance: int,
    roles: Mapping[str, tuple[Mapping[str, float], Mapping[str, float]]],
) -> dict[str, Any]:  # fmt: skip
    """Which responses every role accepts, under each reading, and where the roles agree.

    Parameters
    ----------
    chance : int
        Runs of a hundred in which every threshold of a role is to be met.
    roles : mapping
        Role -> (outcome -> the most that is accepted, outcome -> deaths that one unit counts as).

    Raises
    ------
    UsageError
        Nothing has been compared yet, or thresholds or weights that cannot be used.
    """
    cube = compared(pages, decision, horizon)
    records = {arm.id for arm in case.decisions[decision].arms.values() if arm.record}
    arms = [id for id in case.decisions[decision].arms if id in cube.arms and id not in records and id != REFERENCE]
    written = [role for role in ROLES if role in roles]
    met = {role: satisficing(cube, dict(roles[role][0]), horizon) for role in written if roles[role][0]}
    rows = []
    for arm in arms:
        cells: dict[str, Any] = {}
        for role, found in met.items():
            share = [float(value) for value in found.share[:, found.arms.index(arm)]]
            known = [place for place, value in enumerate(share) if not math.isnan(value)]
            if not known:
                continue
            worst = min(known, key=lambda place: share[place])
            cells[role] = {
                # None where a reading was not run: neither met nor missed
                "met": [None if math.isnan(value) else value >= chance / 100 for value in share],
                "share": [None if math.isnan(value) else value for value in share],
                "worst": {"under": found.readings[worst], "text": share_text(voice, share[worst], len(cube.draws))},
            }
        rows.append({"arm": arm, "cells": cells, "outcomes": against(cube, voice, arm, horizon)})
    return {
        "decision": decision,
        "years": horizon,
        "chance": chance,
        "draws": len(cube.draws),
        "readings": list(cube.readings),
        "roles": list(met),
        "rows": rows,
        "weighing": {role: least(case, cube, decision, dict(roles[role][1]), horizon)
                     for role in written if roles[role][1]},
    }  # fmt: skip
