"""Compare a run of the kernel with the plain history of the oracle: every number, digit for digit."""

from __future__ import annotations

import numpy as np

from tregua.model.oracle import Account, PlainHistory, Role
from tregua.model.outcomes import AREA_FLOWS, FLOWS, GANG_FLOWS, GANG_STOCKS, STOCKS
from tregua.model.simulate import Run
from tregua.model.state import AREA, CELL, GANG, NATION


def differences(account: Account, history: PlainHistory, run: Run) -> list[str]:
    """Names of everything that differs by as much as the last digit."""
    record, out = run.record, []

    def tell(name: str, plain: object, compiled: object) -> None:
        a, b = np.asarray(plain, float), np.asarray(compiled, float)
        if a.shape != b.shape or not np.array_equal(a, b):
            out.append(f"{name}: {a} is not {b}")

    for j, name in enumerate(FLOWS):
        tell(f"flow {name}", [piece[name] for piece in account.flows], record.flows[:, j])
    for j, name in enumerate(STOCKS):
        tell(f"stock {name}", [piece[name] for piece in account.stocks], record.stocks[:, j])
    for g, gang in enumerate(history.gang_ids):
        for j, name in enumerate(GANG_FLOWS):
            tell(f"{gang} {name}", [piece[gang][name] for piece in account.gang_flows], record.gang_flows[:, g, j])
        for j, name in enumerate(GANG_STOCKS):
            tell(f"{gang} {name}", [piece[gang][name] for piece in account.gang_stocks], record.gang_stocks[:, g, j])
    for m, area in enumerate(history.area_ids):
        for j, name in enumerate(AREA_FLOWS):
            tell(f"{area} {name}", [piece[area][name] for piece in account.area_flows], record.area_flows[:, m, j])
        for g, gang in enumerate(history.gang_ids):
            people = [piece[area][gang] for piece in account.area_stocks]
            tell(f"{area} {gang} people", people or np.zeros((0, 3)), record.area_stocks[:, m, g, :3])
        if history.gang_ids:
            detained = [piece[area][""][0] for piece in account.area_stocks]
            tell(f"{area} detained", detained, record.area_stocks[:, m, 0, 3])
    tell("weekly", account.weekly or np.zeros((0, 2)), record.weekly)
    tell_state(history, run, tell)
    return out


def tell_state(history: PlainHistory, run: Run, tell: object) -> None:
    """Every field of the state at the end."""
    assert callable(tell)
    state = run.end.state
    for name in CELL.names or ():
        for m, area in enumerate(history.area_ids):
            for g, gang in enumerate(history.gang_ids):
                tell(f"{area} {gang} {name}", getattr(history.groups[area, gang], name), state.cell[name][m, g])
    for name in AREA.names or ():
        for m, area in enumerate(history.area_ids):
            tell(f"{area} {name}", getattr(history.areas[area], name), state.area[name][m])
    for name in GANG.names or ():
        for g, gang in enumerate(history.gang_ids):
            tell(f"{gang} {name}", getattr(history.gangs[gang], name), state.gang[name][g])
    for name in NATION.names or ():
        tell(name, getattr(history.country, name), state.nation[name][0])
    for j, role in enumerate(history.roles):
        for kind, active, empty in role.parts():
            tell(f"role {j} active", active, state.role["active"][j, kind])
            tell(f"role {j} empty", empty, state.role["empty"][j, kind])
            belief = role.belief if isinstance(role, Role) else role.belief[kind]
            tell(f"role {j} belief", belief, state.role["belief"][j, kind])
        if isinstance(role, Role):
            tell(f"role {j} hazard", role.hazard, state.post["hazard"][j])
            tell(f"role {j} generation", role.generation, state.post["generation"][j])
