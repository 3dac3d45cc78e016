"""Small graphics inside table cells: one function each, no chart library (a table holds hundreds of them)."""

from __future__ import annotations

from markupsafe import Markup

from tregua.report.inputs import Humps

WIDTH, HEIGHT = 100.0, 12.0
"""Pixels; the style sheet gives the graphic this size and every dot its height and radius."""


def _place(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return float(round(2 + (WIDTH - 4) * min(1.0, max(0.0, share))))


SIDES = {"up": ("w", "m"), "down": ("m", "w")}
"""Colours below and above zero, by the side that harms: fewer and more."""


def range_cell(lo: float, mid: float, hi: float, domain: tuple[float, float], *, harm: str = "up") -> Markup:
    """Dot and 90 % range on a scale, with its zero line; each side of zero in its own tint.

    Parameters
    ----------
    harm : {"up", "down", "none"}
        Which side of zero harms.
    """
    below, above = SIDES.get(harm, ("", ""))
    side = below if mid < 0 else above if mid > 0 else ""
    places = (_place(value, *domain) for value in (0.0, lo, hi, mid))
    ends = ";".join(f"--{name}:{place:g}" for name, place in zip("zabx", places, strict=True))
    return Markup(f'<i class="{f"rg {below}{above} d{side}".strip()}" style="{ends}"></i>')


def column_cell(
    lo: float, mid: float, hi: float, domain: tuple[float, float], *, harm: str = "up", humps: Humps | None = None
) -> Markup:
    """The same in a table of decisions: the column knows where its zero is, and the number beside it has the colour.

    Of a range it is the attributes of the element that tells it, which draws it as well: tables hold thousands of them.

    Parameters
    ----------
    humps : Humps or None
        Two outcomes: two dots, sized by their share, instead of a median, in an element of their own.
    """
    below, above = SIDES.get(harm, ("", ""))
    kind = {"up": "", "down": "mw"}.get(harm, "nt")
    ends = f"--a:{_place(lo, *domain):g};--b:{_place(hi, *domain):g}"
    if humps is None:
        named = f' class="{kind}"' if kind else ""
        return Markup(f'{named} style="{ends};--x:{_place(mid, *domain):g}"')
    dots = []
    for centre, share in ((humps.centre_lasts, humps.share_lasts), (humps.centre_fails, humps.share_fails)):
        side = below if centre < 0 else above if centre > 0 else ""
        radius = round(1.6 + 2.4 * share, 1)
        dots.append(f'<b class="d{side}" style="--x:{_place(centre, *domain):g};--r:{radius:g}px"></b>')
    kind = f"rg {kind} hp" if kind else "rg hp"
    return Markup(f'<i class="{kind}" style="{ends}">{"".join(dots)}</i>')


def zero_of(domain: tuple[float, float]) -> float:
    """Where the zero line of a column lies in its cells."""
    return _place(0.0, *domain)


def band_cell(
    target: float | None, lo: float | None, hi: float | None, q05: float | None, q50: float | None, q95: float | None
) -> Markup:
    """Accepted band as a bar, the count as an ink tick, the simulated interval as a rule with its median."""
    known = [value for value in (target, lo, hi, q05, q50, q95) if value is not None]
    if not known:
        return Markup("")
    pad = 0.08 * ((max(known) - min(known)) or abs(known[0]) or 1.0)
    domain = (min(known) - pad, max(known) + pad)
    middle = HEIGHT / 2
    parts = []
    if lo is not None or hi is not None:
        left = _place(lo, *domain) if lo is not None else 0.0
        right = _place(hi, *domain) if hi is not None else WIDTH
        parts.append(
            f'<rect class="ok" x="{left:g}" y="1" width="{max(1.0, right - left):g}" height="{HEIGHT - 2:g}"/>'
        )
    if q05 is not None and q95 is not None:
        parts.append(f'<path class="si" d="M{_place(q05, *domain):g} {middle:g}H{_place(q95, *domain):g}"/>')
    if q50 is not None:
        parts.append(f'<circle class="si" cx="{_place(q50, *domain):g}"/>')
    if target is not None:
        parts.append(f'<path class="ob" d="M{_place(target, *domain):g} 0V{HEIGHT:g}"/>')
    return _svg(parts)


def share_cell(first: float, total: float, error: float) -> Markup:
    """Share of a variance: what a factor explains alone (solid), with others (hatched), and the error of the whole."""

    def place(share: float) -> float:
        return WIDTH * min(1.0, max(0.0, share))

    alone, whole = place(first), max(place(first), place(total))
    parts = [f'<rect class="si" y="2" width="{alone:.0f}" height="8"/>']
    if whole > alone:
        parts.append(f'<rect class="mix" x="{alone:.0f}" y="2" width="{whole - alone:.0f}" height="8"/>')
    parts.append(f'<path class="wt" d="M{place(total - error):.0f} 6H{place(total + error):.0f}"/>')
    return _svg(parts)


def limit_cell(low: float | None, high: float | None, least: float, most: float) -> Markup:
    """Part of what was tried of a parameter in which a rule holds."""
    domain = (least, most)
    left = 2.0 if low is None else _place(low, *domain)
    right = WIDTH - 2 if high is None else _place(high, *domain)
    bar = f'<rect class="si" x="{left:g}" y="3" width="{max(2.0, right - left):g}" height="6"/>'
    return _svg([f'<path class="wt" d="M2 6H{WIDTH - 2:g}M2 2V10M{WIDTH - 2:g} 2V10"/>', bar])


DOTS = 20


def dots_cell(share: float) -> Markup:
    """A share as so many of twenty dots."""
    filled = dots_of(share)
    dots = [f'<circle class="dt {"si" if n < filled else "no"}" cx="{2.5 + 5 * n:g}"/>' for n in range(DOTS)]
    return _svg(dots)


def dots_of(share: float) -> int:
    """Dots of twenty that a share fills: none only where it is zero, all only where it is one."""
    if share <= 0 or share >= 1:
        return DOTS if share >= 1 else 0
    return min(DOTS - 1, max(1, round(DOTS * share)))


def _svg(parts: list[str]) -> Markup:
    return Markup(f'<svg class="cell">{"".join(parts)}</svg>')
