"""A picture as the exporter writes it, told in fewer words: the same marks at the same places.

Coordinates keep a tenth of a pixel. What the page sets itself, what is the default anyway and what is never seen is
dropped; places are told once and steps are told by one number; lines that look alike are one path.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby

NAME_DIGITS = 6
_GONE = r' (?:aria-\w+|role|class|stroke-miterlimit|pointer-events|font-family)="[^"]*"'
_PLAIN = r' (?:opacity="1"|text-anchor="start"|font-weight="400"|stroke-width="1")'
_GEOMETRY = re.compile(r' (?:d|x|y|x1|x2|y1|y2|width|height|transform)="[^"]*"')
_MOVED = re.compile(r' transform="translate\((-?[\d.]+),(-?[\d.]+)\)"')
_TAG = re.compile(r"<[^>]+>")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
_CIRCLE = re.compile(r"M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0Z?")
_LEVELS = re.compile(r"h-?[\d.]+(?:h-?[\d.]+)+")
_ARITY = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "S": 4, "T": 2, "A": 7, "Z": 0}


def lighter(svg: str, name: str) -> str:
    """The same picture in fewer words.

    Parameters
    ----------
    svg : str
        As the exporter wrote it, root element included.
    name : str
        Stands in the names of what the picture defines: the exporter counts over all that it ever drew.
    """
    width, height = size(svg)
    body = re.sub(r"^\s*<svg[^>]*>", "", svg, count=1).rstrip().removesuffix("</svg>")
    body = re.sub(r'<rect width="\d+(?:\.\d+)?" height="\d+(?:\.\d+)?" fill="none"\s*(?:/>|></rect>)', "", body)
    body = _TAG.sub(_slim, body)
    body = re.sub(r'<path d="(?:M0,0h-?[\d.]+v-?[\d.]+h-?[\d.]+Z"|" display="none")/>', "", body)
    while (emptier := re.sub(r"<g(?: [^>]*)?></g>|<g>((?:(?!</?g).)*)</g>", r"\1", body)) != body:
        body = emptier
    body = _lines(_TAG.sub(_placed, body.replace("\n", "")))
    sizes = Counter(re.findall(r' font-size="([\d.]+)"', body))
    common = sizes.most_common(1)[0][0] if sizes else ""
    body = body.replace(f' font-size="{common}"', "") if common else body
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}"{f" font-size={chr(34)}{common}{chr(34)}" if common else ""} '
        f'aria-hidden="true" focusable="false">'
    )
    return f"{head}{_named(body, name[:NAME_DIGITS])}</svg>"


def size(svg: str) -> tuple[float, float]:
    """Width and height of a picture."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if found is None:
        raise ValueError("the exporter gave no picture")
    return float(found.group(1)), float(found.group(2))


def _named(svg: str, name: str) -> str:
    """The same picture with what it defines named after itself."""
    found = {old: f"{name}{number:x}" for number, old in enumerate(dict.fromkeys(re.findall(r'id="(clip\d+)"', svg)))}
    svg = re.sub(r'id="(clip\d+)"', lambda told: f'id="c{found[told[1]]}"', svg)
    return re.sub(r"url\(#(clip\d+)\)", lambda told: f"url(#c{found.get(told[1], told[1])})", svg)


def _slim(tag: re.Match[str]) -> str:
    """A tag without what the page sets itself and what is so anyway; coordinates to a tenth. Words are left alone."""
    kept = re.sub(_PLAIN, "", re.sub(_GONE, "", tag.group(0)))
    kept = re.sub(r' font-size="([\d.]+)px"', r' font-size="\1"', kept)
    return _GEOMETRY.sub(lambda told: re.sub(r"\d+\.\d\d+", lambda n: f"{float(n[0]):.1f}", told[0]), kept)


def _placed(tag: re.Match[str]) -> str:
    """A tag with its place in its own coordinates, where it is only moved; paths in steps."""
    told = tag.group(0)
    kind = told[1:5].split()[0] if told[1] != "/" else ""
    moved = _MOVED.search(told) if kind in ("text", "path") else None
    x, y = (_tenths(moved[1]), _tenths(moved[2])) if moved else (0, 0)
    rest = told.replace(moved[0], "", 1) if moved else told
    if kind == "text":
        if moved is None or " x=" in rest or " y=" in rest:
            return told
        return rest.replace("<text", f"<text{_given('x', x)}{_given('y', y)}", 1)
    if kind != "path":
        return told
    drawn = re.search(r' d="([^"]*)"', rest)
    if drawn is None:
        return told
    circle = _CIRCLE.fullmatch(drawn[1])
    if circle:
        others = rest.replace(drawn[0], "", 1).removeprefix("<path")
        return f'<circle{_given("cx", x)}{_given("cy", y)} r="{_short(_tenths(circle[1]))}"{others}'
    return rest.replace(drawn[0], f' d="{stepped(drawn[1], x, y)}"', 1)


def _lines(svg: str) -> str:
    """The same picture with lines that follow one another and look alike as one path."""
    one = re.compile(
        r'<line(?: transform="translate\((-?[\d.]+),(-?[\d.]+)\)")?(?: x2="(-?[\d.]+)")?(?: y2="(-?[\d.]+)")?'
        r'((?: (?!x2|y2|transform|\w*opacity)[\w-]+="[^"]*")*)(?:/>|></line>)'
    )

    def joined(run: re.Match[str]) -> str:
        paths = []
        for look, lines in groupby(one.findall(run.group(0)), key=lambda line: line[4]):
            steps = (
                stepped(f"M0,0L{right or 0},{down or 0}", _tenths(x or "0"), _tenths(y or "0"))
                for x, y, right, down, _ in lines
            )
            paths.append(f'<path fill="none"{look} d="{"".join(steps)}"/>')
        return "".join(paths)

    return re.sub(f"(?:{one.pattern.replace('(-?', '(?:-?').replace('((?: ', '(?:(?: ')})+", joined, svg)


def _given(name: str, tenths: int) -> str:
    return f' {name}="{_short(tenths)}"' if tenths else ""


def _tenths(number: str) -> int:
    return round(10 * float(number))


def _short(tenths: int) -> str:
    """A number of tenths as SVG lets it be written."""
    whole, part = divmod(abs(tenths), 10)
    text = f"{whole}.{part}" if part and whole else f".{part}" if part else str(whole)
    return f"-{text}" if tenths < 0 else text


def _run(numbers: Sequence[int]) -> str:
    """Numbers one after the other, parted only where they would run together."""
    text = ""
    for number in numbers:
        told = _short(number)
        before = re.search(r"-?[\d.]+$", text)
        free = not text or told[0] == "-" or (told[0] == "." and before is not None and "." in before[0])
        text += told if free else f" {told}"
    return text


def stepped(path: str, x: int = 0, y: int = 0) -> str:
    """The same path moved by `x` and `y` tenths, every point told as a step from the one before.

    Level and upright strokes are told by one coordinate. Steps are sums of whole tenths, so that none drifts.
    """
    made: list[str] = []
    here, start = (x, y), (x, y)
    fresh = True
    for kind, told in re.findall(r"([A-Za-z])([^A-Za-z]*(?:e[-+]?\d+[^A-Za-z]*)*)", path):
        upper = kind.upper()
        numbers = [_tenths(number) for number in _NUMBER.findall(told)]
        arity = _ARITY[upper]
        for at in range(0, max(1, len(numbers)), max(1, arity)):
            part = numbers[at : at + arity]
            here, start, step = _STEPS[upper](part, here, start, kind == upper, (x, y))
            if upper == "M":
                step = f"M{_run(here)}" if fresh else f"m{step}"
            made.append(step)
            fresh = False
    return _LEVELS.sub(_at_once, "".join(made))


def _at_once(run: re.Match[str]) -> str:
    """Level strokes that follow one another the same way, as one."""
    ways = groupby((_tenths(one) for one in run.group(0)[1:].split("h")), key=lambda step: step > 0)
    return "".join(f"h{_short(sum(steps))}" for _, steps in ways)


Point = tuple[int, int]
_Told = tuple[Point, Point, str]


def _to(part: Sequence[int], here: Point, absolute: bool, origin: Point) -> Point:
    base = origin if absolute else here
    return base[0] + part[-2], base[1] + part[-1]


def _move(part: Sequence[int], here: Point, start: Point, absolute: bool, origin: Point) -> _Told:
    there = _to(part, here, absolute, origin)
    return there, there, _run((there[0] - here[0], there[1] - here[1]))


def _line(part: Sequence[int], here: Point, start: Point, absolute: bool, origin: Point) -> _Told:
    there = _to(part, here, absolute, origin)
    dx, dy = there[0] - here[0], there[1] - here[1]
    if dx and dy:
        return there, start, f"l{_run((dx, dy))}"
    return there, start, f"h{_short(dx)}" if dx else f"v{_short(dy)}" if dy else ""


def _level(part: Sequence[int], here: Point, start: Point, absolute: bool, origin: Point) -> _Told:
    x = part[0] + (origin[0] if absolute else here[0])
    return (x, here[1]), start, f"h{_short(x - here[0])}" if x != here[0] else ""


def _upright(part: Sequence[int], here: Point, start: Point, absolute: bool, origin: Point) -> _Told:
    y = part[0] + (origin[1] if absolute else here[1])
    return (here[0], y), start, f"v{_short(y - here[1])}" if y != here[1] else ""


def _curve(letter: str) -> Callable[[Sequence[int], Point, Point, bool, Point], _Told]:
    def told(part: Sequence[int], here: Point, start: Point, absolute: bool, origin: Point) -> _Told:
        base = (origin[0] - here[0], origin[1] - here[1]) if absolute else (0, 0)
        steps = [number + base[n % 2] for n, number in enumerate(part)]
        return (here[0] + steps[-2], here[1] + steps[-1]), start, letter + _run(steps)

    return told


def _arc(part: Sequence[int], here: Point, start: Point, absolute: bool, origin: Point) -> _Told:
    there = _to(part, here, absolute, origin)
    flags = [str(number // 10) for number in part[3:5]]
    ends = _run((there[0] - here[0], there[1] - here[1]))
    return there, start, f"a{_run(part[:3])} {flags[0]} {flags[1]} {ends}"


def _close(part: Sequence[int], here: Point, start: Point, absolute: bool, origin: Point) -> _Told:
    return start, start, "z"


_STEPS: dict[str, Callable[[Sequence[int], Point, Point, bool, Point], _Told]] = {
    "M": _move, "L": _line, "H": _level, "V": _upright, "C": _curve("c"), "Q": _curve("q"), "S": _curve("s"),
    "T": _curve("t"), "A": _arc, "Z": _close,
}  # fmt: skip
