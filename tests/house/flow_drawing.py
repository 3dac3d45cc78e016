"""The flow diagram of the model: what acts on what, with sign and claims, drawn once for each language."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 1000, 800
SIGNS = {"+": "+", "-": "−", "": ""}


@dataclass(frozen=True)
class Box:
    """A box: left, top, width, height, what it is (lever, gang, killing, people, state) and its words."""

    x: int
    y: int
    w: int
    h: int
    kind: str
    en: tuple[str, ...]
    es: tuple[str, ...]


@dataclass(frozen=True)
class Arrow:
    """An arrow along points, with a sign, the claims behind it, and where its text stands."""

    points: tuple[tuple[int, int], ...]
    sign: str = ""
    claims: str = ""
    at: tuple[int, int] = (0, 0)


BOXES: dict[str, Box] = {
    "prison": Box(20, 44, 180, 58, "lever", ("Prison", "contact, concession"), ("Cárcel", "contact, concession")),
    "promise": Box(
        218, 44, 180, 58, "lever", ("Promise", "offer, programme, legal"), ("Promesa", "offer, programme, legal")
    ),
    "force": Box(416, 44, 180, 58, "lever", ("Force", "arrests, lethal"), ("Fuerza", "arrests, lethal")),
    "law": Box(
        614,
        44,
        180,
        58,
        "lever",
        ("Listing, prosecution", "sanction, prosecute_…"),
        ("Listas, procesos", "sanction, prosecute_…"),
    ),
    "deals": Box(812, 44, 168, 58, "lever", ("Deals", "pacts"), ("Tratos", "pacts")),
    "command": Box(
        20,
        180,
        180,
        66,
        "gang",
        ("Command × reach", "which cliques would obey", "C, o"),
        ("Mando × alcance", "qué clicas obedecerían", "C, o"),
    ),
    "leaders": Box(
        218,
        180,
        180,
        66,
        "gang",
        ("Leaders", "adherence to restraint", "a"),
        ("Jefes", "adherencia a la contención", "a"),
    ),
    "betrayal": Box(
        416,
        180,
        180,
        66,
        "gang",
        ("Betrayal", "promises broken, raids", "B"),
        ("Traición", "promesas rotas, redadas", "B"),
    ),
    "linking": Box(
        614,
        180,
        180,
        66,
        "gang",
        ("Linking capital", "roles that vouch and carry", "V"),
        ("Capital de enlace", "roles que avalan y llevan", "V"),
    ),
    "political": Box(
        812,
        180,
        168,
        66,
        "gang",
        ("Political capital", "captured municipalities", "P, Z"),
        ("Capital político", "municipios capturados", "P, Z"),
    ),
    "compliance": Box(119, 318, 180, 58, "gang", ("Compliance", "k = a · o"), ("Cumplimiento", "k = a · o")),
    "state": Box(
        495,
        318,
        215,
        58,
        "state",
        ("State and public", "commitment, exposure, support"),
        ("Estado y público", "compromiso, escándalo, apoyo"),
    ),
    "extortion": Box(
        812, 318, 168, 58, "gang", ("Extortion", "criminal capital, K"), ("Extorsión", "capital criminal, K")
    ),
    "contest": Box(20, 460, 140, 52, "killing", ("Contest", "over ground"), ("Disputa", "de terreno")),
    "revenge": Box(
        175, 460, 140, 52, "killing", ("Revenge", "for recent killings"), ("Venganza", "por muertes previas")
    ),
    "coercion": Box(330, 460, 140, 52, "killing", ("Coercion", "of residents"), ("Coacción", "de residentes")),
    "background": Box(
        485, 460, 140, 52, "killing", ("Background", "outside the gangs"), ("Fondo", "ajeno a pandillas")
    ),
    "by_state": Box(
        640, 460, 140, 52, "killing", ("By state agents", "and on them"), ("Por agentes", "y contra agentes")
    ),
    "hidden": Box(
        20, 578, 215, 52, "state", ("Hidden", "disappearance reports"), ("Oculto", "denuncias de desaparición")
    ),
    "recorded": Box(
        255,
        578,
        215,
        52,
        "state",
        ("Recorded homicides", "what institutions count"),
        ("Homicidios registrados", "lo que cuentan las instituciones"),
    ),
    "youth": Box(14, 712, 164, 52, "people", ("Youth at risk", "Y"), ("Jóvenes en riesgo", "Y")),
    "active": Box(215, 712, 165, 52, "people", ("Active members", "A"), ("Miembros activos", "A")),
    "calmados": Box(425, 712, 130, 52, "people", ("Calmados", "Q"), ("Calmados", "Q")),
    "exit": Box(600, 712, 130, 52, "people", ("Out for good", "exit"), ("Salida", "definitiva")),
    "jail": Box(790, 712, 190, 52, "people", ("Imprisoned", "I; J not members"), ("Presos", "I; J no miembros")),
}
ARROWS: tuple[Arrow, ...] = (
    Arrow(((110, 102), (110, 180)), "+", "C40 C41", (118, 136)),
    Arrow(((170, 102), (250, 180)), "+", "C43 C44", (216, 136)),
    Arrow(((308, 102), (308, 180)), "+", "C53", (316, 160)),
    Arrow(((370, 102), (450, 180)), "+", "C56", (420, 136)),
    Arrow(((506, 102), (506, 180)), "+", "C62", (514, 160)),
    Arrow(((704, 102), (704, 180)), "-", "C12 C59", (712, 136)),
    Arrow(((896, 102), (896, 180)), "+", "C49 C51", (904, 136)),
    Arrow(((416, 213), (398, 213)), "-"),
    Arrow(((110, 246), (170, 318)), "+", "C41 C43", (48, 290)),
    Arrow(((308, 246), (250, 318)), "+", "", (290, 288)),
    Arrow(((614, 200), (606, 200), (606, 264), (210, 264), (210, 232), (200, 232)), "+", "C09 C11", (520, 259)),
    Arrow(((794, 213), (812, 213)), "+"),
    Arrow(((299, 335), (500, 296), (780, 296), (840, 246)), "+", "C47 C48", (694, 290)),
    Arrow(((896, 246), (896, 318)), "+", "C55", (904, 286)),
    Arrow(((180, 376), (100, 460)), "-", "C34", (90, 420)),
    Arrow(((209, 376), (240, 460)), "-"),
    Arrow(((240, 376), (390, 460)), "-", "C46", (340, 424)),
    Arrow(((299, 360), (690, 460)), "-", "C25", (560, 420)),
    Arrow(((812, 365), (640, 400), (420, 400), (150, 470)), "+", "C61", (770, 396)),
    Arrow(((365, 512), (365, 578)), "", "", (0, 0)),
    Arrow(((240, 512), (300, 578)), ""),
    Arrow(((100, 512), (270, 578)), ""),
    Arrow(((555, 512), (440, 578)), ""),
    Arrow(((255, 604), (235, 604))),
    Arrow(((470, 604), (632, 604), (632, 376)), "-", "", (640, 560)),
    Arrow(((495, 340), (470, 340), (350, 246)), "+", "C32 C35", (404, 330)),
    Arrow(((178, 738), (215, 738)), ""),
    Arrow(((380, 730), (425, 730)), ""),
    Arrow(((425, 748), (380, 748)), ""),
    Arrow(((555, 738), (600, 738)), ""),
    Arrow(((275, 712), (275, 676), (860, 676), (860, 712)), "", "C64 C66", (720, 670)),
    Arrow(((920, 712), (920, 652), (245, 652), (245, 712)), "", "", (0, 0)),
    Arrow(((85, 712), (85, 690), (830, 690), (830, 712))),
)
HEADS = {
    "en": (
        (20, 30, "Levers: what a state chooses"),
        (20, 168, "Gangs"),
        (20, 448, "Killing"),
        (20, 702, "People"),
        (480, 645, "arrests and releases; wrongful ones are counted apart"),
        (20, 790, "+ raises, − lowers; C.. are claims of the ledger, for and against"),
    ),
    "es": (
        (20, 30, "Palancas: lo que un Estado elige"),
        (20, 168, "Pandillas"),
        (20, 448, "Homicidios"),
        (20, 702, "Personas"),
        (480, 645, "capturas y liberaciones; las indebidas se cuentan aparte"),
        (20, 790, "+ aumenta, − reduce; C.. son afirmaciones del registro, a favor y en contra"),
    ),
}
NOTE = {
    "en": ("Nothing makes restraint from", "killing reduce extortion (C45)"),
    "es": ("La contención no reduce", "por sí la extorsión (C45)"),
}
FILL = {
    "lever": "var(--flow-paper, #ffffff)",
    "gang": "var(--flow-capital, #f3ecdd)",
    "killing": "var(--flow-killing, #e9e6ea)",
    "people": "var(--flow-people, #e8eef2)",
    "state": "var(--flow-paper, #ffffff)",
}


def drawing(lang: str) -> str:
    """The diagram as SVG; colours are those of the page, with fallbacks where it stands alone."""
    face = "Atkinson Hyperlegible Next, system-ui, Segoe UI, Roboto, DejaVu Sans, sans-serif"
    ink, soft = "var(--flow-ink, #1f2a33)", "var(--flow-soft, #56636d)"
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{face}">',
        f'<defs><marker id="tip-{lang}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="{soft}"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="var(--flow-paper, #ffffff)"/>',
    ]
    for x, y, text in HEADS[lang]:
        out.append(f'<text x="{x}" y="{y}" font-size="13" fill="{soft}">{escape(text)}</text>')
    for row, text in enumerate(NOTE[lang]):
        out.append(f'<text x="812" y="{394 + 16 * row}" font-size="12" fill="{soft}">{escape(text)}</text>')
    for arrow in ARROWS:
        path = " ".join(f"{x},{y}" for x, y in arrow.points)
        out.append(
            f'<polyline points="{path}" fill="none" stroke="{soft}" stroke-width="1.4" marker-end="url(#tip-{lang})"/>'
        )
    for box in BOXES.values():
        words = box.en if lang == "en" else box.es
        dash = ' stroke-dasharray="5 3"' if box.kind == "lever" else ""
        out.append(
            f'<rect x="{box.x}" y="{box.y}" width="{box.w}" height="{box.h}" rx="5" fill="{FILL[box.kind]}" '
            f'stroke="{ink}" stroke-width="1.2"{dash}/>'
        )
        first = box.y + (box.h - 17 * (len(words) - 1)) / 2 + 5
        for row, text in enumerate(words):
            size, weight = (15, "600") if row == 0 else (12.5, "400")
            out.append(
                f'<text x="{box.x + box.w / 2:g}" y="{first + 17 * row:g}" text-anchor="middle" font-size="{size}" '
                f'font-weight="{weight}" fill="{ink}">{escape(text)}</text>'
            )
    for arrow in ARROWS:
        told = " ".join(part for part in (SIGNS[arrow.sign], arrow.claims) if part)
        if told and arrow.at != (0, 0):
            out.append(
                f'<text x="{arrow.at[0]}" y="{arrow.at[1]}" font-size="12.5" fill="{ink}" stroke="var(--flow-paper, '
                f'#ffffff)" stroke-width="4" paint-order="stroke">{escape(told)}</text>'
            )
        elif told:
            x = (arrow.points[-2][0] + arrow.points[-1][0]) / 2
            y = (arrow.points[-2][1] + arrow.points[-1][1]) / 2 - 6
            out.append(
                f'<text x="{x:g}" y="{y:g}" font-size="13" text-anchor="middle" fill="{ink}">{escape(told)}</text>'
            )
    return "\n".join([*out, "</svg>"]) + "\n"
