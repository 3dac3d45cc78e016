# ruff: noqa: E501  (prose of a page)
"""RESULTS-PEERS.md from the figures kept by `benchmarks.peers`."""

from __future__ import annotations

from typing import Any

TARGETS = {"C": 0.9, "area": 300.0, "person": 1000.0}


def duration(seconds: float) -> str:
    """Seconds in the unit that suits them."""
    if seconds < 1e-3:
        return f"{1e6 * seconds:.3g} µs"
    return f"{1e3 * seconds:.3g} ms" if seconds < 1.0 else f"{seconds:.3g} s"


def span(pair: list[float], shown: Any) -> str:
    return f"{shown(pair[0])} to {shown(pair[1])}"


def times(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def met(reached: bool) -> str:
    return "met" if reached else "**missed**"


def peers(rows: list[dict[str, Any]]) -> str:
    """A table of peers on one world."""
    out = [
        "| | time of a run | least to most | times tregua's | least to most | import | compile | peak memory | lines | "
        "smallest p |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for r in rows:
        same = f"{r['equality']['worst_p']:.2g}" if r.get("equality") else "-"
        out.append(
            f"| {r['peer']} | {duration(r['median'])} | {span(r['spread'], duration)} | {times(r['ratio'])} "
            f"| {span(r['ratio_spread'], times)} | {duration(r['load'])} | {duration(r['compile'])} "
            f"| {r['memory']:.0f} MiB | {r['lines'] or '-'} | {same} |"
        )
    return "\n".join(out)


def simple(rows: dict[str, dict[str, Any]]) -> str:
    out = ["| | median | least to most |", "| --- | ---: | ---: |"]
    out += [f"| {name} | {duration(r['median'])} | {span(r['spread'], duration)} |" for name, r in rows.items()]
    return "\n".join(out)


def reduced(made: dict[str, Any]) -> list[str]:
    digits = "the same to the last digit" if made["digits"] else "NOT the same to the last digit"
    by_name = {row["peer"]: row for key in ("574", "52", "8") for row in made[key]}
    c = next(row for name, row in by_name.items() if name.startswith("C "))
    tight = by_name.get("tregua's kernel style, all inlined", by_name["tregua's kernel style (Numba)"])
    area, person = by_name["Mesa, an agent an area"], by_name["Mesa, an agent a person"]
    reached, close = c["ratio"], c["ratio"] / tight["ratio"]
    return [
        "## The reduced model",
        "",
        "262 areas, 3 gangs, 31 thousand active members at the start; equations in DECLARATION.md. The slower a peer, the fewer",
        "weeks; tregua is timed on the same weeks in the same rounds. Compiled kernel, the same code in plain Python, and C",
        f"give totals that are {digits}.",
        "",
        "574 weeks:",
        "",
        peers(made["574"]),
        "",
        "52 weeks:",
        "",
        peers(made["52"]),
        "",
        "8 weeks:",
        "",
        peers(made["8"]),
        "",
        "The same with 14 areas, 574 weeks:",
        "",
        peers(made["14 areas"]),
        "",
        "| target | reached | |",
        "| --- | --- | --- |",
        f"| at least 90 % of the speed of C, functions inlined as in the full kernel | {100 * reached:.0f} % "
        f"| {met(reached >= TARGETS['C'])} |",
        f"| the same, everything inlined, as C does | {100 * close:.0f} % | {met(close >= TARGETS['C'])} |",
        f"| 300 times Mesa with area agents | {times(area['ratio'])} | {met(area['ratio'] >= TARGETS['area'])} |",
        f"| 1 000 times Mesa with person agents | {times(person['ratio'])} "
        f"| {met(person['ratio'] >= TARGETS['person'])} |",
    ]


def epidemic(made: dict[str, Any]) -> list[str]:
    return ["## A stochastic epidemic in sixteen groups", "", peers(made["rows"])]


def decision(made: dict[str, Any]) -> list[str]:
    return [
        "## A decision experiment on the full model",
        "",
        f"{made['experiments']} experiments (every response of the first decision under as many scenarios); times are of the",
        "clock, because processes are compared with threads. Every peer returns the same digits. The workbench runs each",
        "response from the first day; tregua branches all of them from one past.",
        "",
        peers(made["rows"]),
    ]


def full(made: dict[str, Any]) -> list[str]:
    return ["## The full model", "", simple(made["rows"])]


def contrast(made: dict[str, Any]) -> list[str]:
    out = [
        "## A contrast to a given precision, with and without shared luck",
        "",
        f"Decision {made['decision']}, five years, default parameters, {made['runs']} pairs of runs; the aim is a standard error",
        "of 1 % of the level without a truce. Chance only: parameters are the same in every run.",
        "",
        "| response | outcome | difference | sd, luck shared | sd, luck apart | variance, times | pairs needed, shared | apart "
        "| seconds, shared | apart |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for arm, rows in made["rows"].items():
        for outcome, r in rows.items():
            n, s = r["pairs_of_runs"], r["seconds"]
            out.append(
                f"| {arm} | {outcome} | {r['difference']:.4g} | {r['sd_paired']:.4g} | {r['sd_unpaired']:.4g} "
                f"| {r['factor']:.3g} | {n[0]:.0f} | {n[1]:.0f} | {s[0]:.3g} | {s[1]:.3g} |"
            )
    return out


def scaling(made: dict[str, Any]) -> list[str]:
    out = [
        "## How cost grows",
        "",
        "Exponents of a power law (1 is in proportion), over all sizes and over the upper half of them; 104 weeks where weeks",
        "are not the axis.",
        "",
        "| axis | sizes | time | exponent | least to most by round | upper half |",
        "| --- | --- | --- | ---: | ---: | ---: |",
    ]
    for axis, r in made["rows"].items():
        sizes = ", ".join(r["medians"])
        took = ", ".join(duration(v) for v in r["medians"].values())
        spread = span(r["spread"], lambda v: f"{v:.2f}")
        out.append(f"| {axis} | {sizes} | {took} | {r['exponent']:.2f} | {spread} | {r['upper']:.2f} |")
    near = all(made["rows"][axis]["upper"] <= 1.1 for axis in ("areas", "weeks", "histories"))
    out += ["", f"Target, cost in areas, weeks and histories at most in proportion (exponent up to 1.1): {met(near)}."]
    return out


def floor(made: dict[str, Any]) -> list[str]:
    rows = made["rows"]
    whole = rows["one history"]["median"]
    keys = rows["its keys and uniforms alone"]["median"]
    counts = rows["its counts drawn again from known uniforms"]["median"]
    return [
        "## The draw-bound floor",
        "",
        f"One history of the bundled case ({made['weeks']} weeks) makes {made['uniforms']:,} uniforms from {made['joins']:,} keys "
        f"and {made['counts']:,} counts and normals. A loop that does nothing else sets the floor under any faster kernel with",
        "these draws.",
        "",
        simple(rows),
        "",
        f"Floor: {duration(keys + counts)}, {100 * (keys + counts) / whole:.0f} % of the history.",
    ]


def whole(made: dict[str, Any]) -> list[str]:
    minutes, on_two = made["wall"] / 60.0, made["cpu"] / 120.0
    return [
        "## A hundred thousand histories of the bundled case, stored",
        "",
        f"{made['histories']:,} histories through the store on two threads, summaries at the horizons kept "
        f"({made['bytes'] / 2**20:.0f} MiB): {minutes:.1f} minutes by the clock at a load of {made['load']:.1f} when it began, "
        f"{on_two:.1f} minutes of each of two cores by processor time, {made['memory']:.2f} GiB at most.",
        "",
        "| target | reached | |",
        "| --- | --- | --- |",
        f"| 100 000 histories in 6 minutes on two cores, by the clock | {minutes * 1e5 / made['histories']:.1f} "
        f"| {met(minutes * 1e5 / made['histories'] <= 6.0)} |",
        f"| the same by processor time on two cores | {on_two * 1e5 / made['histories']:.1f} "
        f"| {met(on_two * 1e5 / made['histories'] <= 6.0)} |",
        f"| under 1 GiB | {made['memory']:.2f} | {met(made['memory'] < 1.0)} |",
    ]


PARTS = {
    "reduced": reduced, "epidemic": epidemic, "decision": decision, "full": full, "contrast": contrast,
    "scaling": scaling, "floor": floor, "whole": whole,
}  # fmt: skip


TITLES = {
    "reduced": "The reduced model",
    "epidemic": "A stochastic epidemic in sixteen groups",
    "decision": "A decision experiment on the full model",
    "full": "The full model",
    "contrast": "A contrast to a given precision, with and without shared luck",
    "scaling": "How cost grows",
    "floor": "The draw-bound floor",
    "whole": "A hundred thousand histories of the bundled case, stored",
}


def page(kept: dict[str, dict[str, Any]], before: str = "") -> str:
    """The whole page.

    Parameters
    ----------
    kept : mapping
        Figures of the parts that were run.
    before : str
        The page as it was: a part that was not run again stands as it stood; one that was never run says so.
    """
    out = [
        "# Against peers",
        "",
        "Written by `make bench-peers`; rules in [DECLARATION.md](DECLARATION.md). Times are processor time of the process that",
        "runs, medians over rounds in which all take turns, unless a section says otherwise; the machine may be shared, so that",
        "ratios within a round are what can be compared. `smallest p`: the smallest of all two-sample tests of equality, which",
        "had to hold before anything was timed.",
    ]
    stood = {title: body.strip() for title, _, body in (part.partition("\n") for part in before.split("\n## ")[1:])}
    for name, part in PARTS.items():
        out.append("")
        if name in kept:
            out += part(kept[name])
            shortened = " A quick run, to see that it works: not for quoting." if kept[name].get("quick") else ""
            out += ["", kept[name]["produced"] + shortened]
        elif TITLES[name] in stood:
            out.append(f"## {TITLES[name]}\n\n{stood[TITLES[name]]}")
        else:
            out.append(f"## {name}\n\nNot run.")
    return "\n".join(out) + "\n"
