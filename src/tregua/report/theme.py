"""Colours, type and the one configuration of every chart (experience.md 5), for light, dark and print.

Charts are drawn once, in the light colours. The page turns them dark or grey with rules on those very colour
attributes, so one picture serves the three.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FONT = "Atkinson Hyperlegible Next"
FALLBACK = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'
MONO = 'ui-monospace, "DejaVu Sans Mono", monospace'

LIGHT: dict[str, str] = {
    "paper": "#FFFFFF",
    "card": "#F7F8F9",
    "ink": "#16191D",
    "ink-2": "#454C54",
    "muted": "#5B636B",
    "line": "#8A929A",
    "hair": "#D5D9DD",
    "link": "#0B4FA0",
    "held": "#F6F1E7",
    "warn": "#5C3B00",
    "warn-ground": "#FFF4DC",
    "stop": "#7A1616",
    "stop-ground": "#FDECEA",
    "pass": "#1E5E3A",
    "pass-ground": "#EAF3EE",
    "fewer": "#2A5FA8",
    "fewer-tint": "#A9C6E8",
    "more": "#A34400",
    "more-tint": "#F2C79B",
    "zero": "#F1F1EF",
    "truce": "#2440B0",
    "force": "#9A4700",
    "reintegration": "#B8479A",
    "side-a": "#007A70",
    "side-b": "#5E2C94",
    "map-1": "#EEEAF6",
    "map-2": "#CFC4E6",
    "map-3": "#A996D0",
    "map-4": "#7F63B4",
    "map-5": "#4F2F86",
    "map-none": "#E9E9E7",
}
DARK: dict[str, str] = {
    "paper": "#14181C",
    "card": "#1D2329",
    "ink": "#F2F4F6",
    "ink-2": "#C5CCD3",
    "muted": "#98A2AC",
    "line": "#6B747D",
    "hair": "#333B43",
    "link": "#8AB4FF",
    "held": "#232019",
    "warn": "#FFD98A",
    "warn-ground": "#3A2C0B",
    "stop": "#FFB4AB",
    "stop-ground": "#3C1616",
    "pass": "#9BE0B4",
    "pass-ground": "#12301F",
    "fewer": "#8FB8F5",
    "fewer-tint": "#2F4F7C",
    "more": "#F5A267",
    "more-tint": "#7A4A1E",
    "zero": "#2A3037",
    "truce": "#6E93FF",
    "force": "#F58A3C",
    "reintegration": "#E3A6E8",
    "side-a": "#6FE3D2",
    "side-b": "#A58BFF",
    "map-1": "#33254F",
    "map-2": "#4F3A7C",
    "map-3": "#7F63B4",
    "map-4": "#A996D0",
    "map-5": "#CFC4E6",
    "map-none": "#2B3138",
}
PRINT: dict[str, str] = {
    "held": "#F0F0F0",
    "link": "#16191D",
    "fewer": "#16191D",
    "more": "#16191D",
    "fewer-tint": "#DCDCDC",
    "more-tint": "#A8A8A8",
    "warn-ground": "#FFFFFF",
    "warn": "#16191D",
    "truce": "#16191D",
    "force": "#16191D",
    "reintegration": "#16191D",
    "side-a": "#16191D",
    "side-b": "#16191D",
}
BAND_50, BAND_90 = 0.34, 0.16
PRINT_50, PRINT_90 = 0.28, 0.12
PRINT_SIMULATED = "#6A6A6A"
"""Simulated lines on paper: never as black as what was counted."""


@dataclass(frozen=True)
class ArmMark:
    """How a response is drawn: hue of its family, dash and shape of its own."""

    token: str
    dash: tuple[int, ...]
    shape: str


ARM_MARKS: dict[str, ArmMark] = {
    "no_truce": ArmMark("muted", (), "ring"),
    "as_it_happened": ArmMark("truce", (), "square"),
    "secret_truce": ArmMark("truce", (6, 3), "circle"),
    "open_truce": ArmMark("truce", (14, 3), "diamond"),
    "open_truce_extortion": ArmMark("truce", (14, 3, 2, 3), "diamond"),
    "secret_truce_prosecute_brokers": ArmMark("truce", (2, 2), "triangle-up"),
    "secret_truce_prosecute_principals": ArmMark("truce", (8, 2, 2, 2), "triangle-down"),
    "secret_truce_sanctions": ArmMark("truce", (4, 2, 1, 2), "cross"),
    "mano_dura": ArmMark("force", (6, 3), "circle"),
    "conditional_deterrence": ArmMark("force", (2, 2), "triangle-up"),
    "mass_detention": ArmMark("force", (), "diamond"),
    "reintegration": ArmMark("reintegration", (), "circle"),
}
PLAIN_MARK = ArmMark("ink-2", (), "circle")


def arm_mark(arm: str) -> ArmMark:
    """Mark of a response; a plain one for a response that a case adds."""
    return ARM_MARKS.get(arm, PLAIN_MARK)


def css_variables() -> str:
    """Colour variables of the page, light, dark and print."""

    def block(tokens: dict[str, str]) -> str:
        return "".join(f"--{name}:{value};" for name, value in tokens.items())

    return (
        f":root{{color-scheme:light dark;{block(LIGHT)}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{block(DARK)}}}}}"
        f"@media print{{:root{{{block(PRINT)}}}}}"
    )


def css_charts() -> str:
    """Rules that repaint the drawn charts in the colours of the reader's page."""
    rules = []
    for name, value in LIGHT.items():
        rules.append(f'.chart svg [fill="{value}"]{{fill:var(--{name})}}')
        rules.append(f'.chart svg [stroke="{value}"]{{stroke:var(--{name})}}')
    rules.append(f'.chart svg [fill="{LIGHT["map-none"]}"]{{fill:url(#hatch)}}')
    truce = LIGHT["truce"]
    grey = "".join(
        f'.chart svg [fill="{truce}"][fill-opacity="{screen}"]{{fill:#000;fill-opacity:{paper}}}'
        for screen, paper in ((BAND_50, PRINT_50), (BAND_90, PRINT_90))
    )
    grey += f'.chart svg [stroke="{truce}"]{{stroke:{PRINT_SIMULATED}}}'
    return "".join(rules) + f"@media print{{{grey}}}"


def chart_config(width_class: str) -> dict[str, Any]:
    """Vega-Lite configuration shared by every chart of a width class."""
    size = 12 if width_class == "phone" else 13
    return {
        "font": FONT,
        "background": "transparent",
        "view": {"stroke": None},
        "padding": 0,
        "axis": {
            "domain": False,
            "ticks": False,
            "gridColor": LIGHT["hair"],
            "labelColor": LIGHT["ink-2"],
            "titleColor": LIGHT["ink-2"],
            "titleFontWeight": 400,
            "titleAngle": 0,
            "titleAnchor": "end",
            "titleAlign": "left",
            "labelFontSize": size,
            "titleFontSize": size,
            "labelPadding": 6,
        },
        "axisX": {"domain": True, "domainColor": LIGHT["line"], "grid": False, "tickColor": LIGHT["line"]},
        "text": {"font": FONT, "fontSize": size, "fill": LIGHT["ink-2"]},
        "mark": {"aria": False},
    }
