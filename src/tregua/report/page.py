"""The page: sections in order, cards behind the numbers, both languages, one file, no network."""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from pathlib import Path

from markupsafe import Markup

from tregua.errors import StoreError
from tregua.report import theme, vega
from tregua.report.aside import Aside
from tregua.report.catalogue import LANGUAGES, Catalogue
from tregua.report.format import Formatter
from tregua.report.inputs import ReportInputs
from tregua.report.num import STOPS, CardBook
from tregua.report.pack import Pack, packed
from tregua.report.section import Context, Section, css_string, templates
from tregua.report.sections import all_sections

SCRIPTS = ("unpack.js", "live.js", "page.js", "take.js")
POLICY = (
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src {digests}; "
    "base-uri 'none'; form-action 'none'"
)


def build_report(
    inputs: ReportInputs,
    out: Path,
    *,
    lang: str = "en",
    sections: Sequence[Section] | None = None,
    plain: bool = False,
    aside: Aside | None = None,
) -> Path:
    """Write the page.

    Parameters
    ----------
    inputs : ReportInputs
    out : Path
        File to write (``report.html``); replaced whole or not at all.
    lang : str
        Language shown first; both are in the file.
    sections : sequence of Section, optional
        Instead of the installed ones.
    plain : bool
        Write the second language out in full, so that it can be read with scripts off: half as large again.
    aside : Aside, optional
        A process that writes the second language meanwhile; it knows the installed sections only.

    Returns
    -------
    Path
        `out`.

    Raises
    ------
    StoreError
        The folder cannot be written.
    """
    return write_whole(out, page(inputs, lang=lang, sections=sections, plain=plain, aside=aside))


def page(
    inputs: ReportInputs,
    *,
    lang: str = "en",
    sections: Sequence[Section] | None = None,
    plain: bool = False,
    aside: Aside | None = None,
) -> str:
    """HTML of the page. The second language lies packed in it, unless `plain`."""
    chosen = tuple(sections) if sections is not None else all_sections()
    order = (lang, *(other for other in LANGUAGES if other != lang))
    pack = Pack()
    if aside is not None and sections is None:
        aside.ask(inputs, order[1])
    halves: list[dict[str, object]] = [half(inputs, lang, chosen, pack)]
    for second in order[1:]:
        answer = aside.answer() if aside is not None else None
        if answer is None:
            halves.append(half(inputs, second, chosen, pack))
        else:
            halves.append(answer[0])
            pack.merge(answer[1])
    script = "".join(static(name) for name in SCRIPTS)
    texts = {"pack-charts": pack.text(), "pack-vega": vega.runtime()} if pack.live else {}
    if not plain:
        for other in halves[1:]:
            name = f"pack-{other['lang']}"
            texts[name] = str(other["html"])
            other |= {
                "pack": name,
                "html": Markup("<p>{}</p>").format(Catalogue(str(other["lang"])).text("lang.packed")),
            }
    with ThreadPoolExecutor() as several:
        packs = dict(zip(texts, map(Markup, several.map(packed, texts.values())), strict=True))
    words = Catalogue(lang)
    return (
        templates()
        .get_template("page.html.j2")
        .render(
            lang=lang,
            languages=order,
            halves=halves,
            policy=policy(script, vega.runtime()),
            script=Markup(script),
            packs=packs,
            style=Markup(style(inputs)),
            title=f"{words.text('app.name')} · {inputs.case.title.of(lang)}",
            names={one: Catalogue(one).text("language.name") for one in order},
            tx=words.text,
        )
    )


def policy(*scripts: str) -> str:
    """Content policy that lets these scripts run and nothing else."""
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    return POLICY.format(digests=" ".join(f"'sha256-{digest}'" for digest in digests) or "'none'")


def half(inputs: ReportInputs, lang: str, sections: Sequence[Section], pack: Pack | None = None) -> dict[str, object]:
    """One language of the page; what its charts carry goes into `pack`."""
    words = Catalogue(lang)
    context = Context(
        lang,
        inputs,
        words,
        Formatter(words, inputs.case.number_style),
        CardBook(lang),
        pack=pack if pack is not None else Pack(),
    )
    written = {section: section.compose(context) for section in sorted(sections, key=lambda section: section.last)}
    bodies = [written[section] for section in sections]
    listed = [section for section in sections if section.short]
    cards = [
        context.html("card.html.j2", card=card, names=STOPS, places=context.book.used_in[name])
        for name, card in context.book.cards.items()
    ]
    return {
        "lang": lang,
        "pack": "",
        "html": context.html("half.html.j2", bodies=bodies, listed=listed, cards=cards),
    }


def style(inputs: ReportInputs) -> str:
    """Style sheet: tokens, rules, repainting of charts, the embedded face and the print footer."""
    return "".join((face(), theme.css_variables(), static("page.css"), theme.css_charts(), _footer(inputs)))


@cache
def face() -> str:
    """The embedded face as a rule of style."""
    data = files("tregua.report").joinpath("fonts", "AtkinsonHyperlegibleNext.woff2").read_bytes()
    encoded = base64.b64encode(data).decode()
    return (
        f'@font-face{{font-family:"{theme.FONT}";font-weight:200 800;font-style:normal;font-display:block;'
        f'src:url(data:font/woff2;base64,{encoded}) format("woff2")}}'
    )


@cache
def static(name: str) -> str:
    """Text of a file that goes into the page as it is."""
    return files("tregua.report").joinpath("templates", name).read_text(encoding="utf-8")


def _footer(inputs: ReportInputs) -> str:
    """Print footer of each language: the notice, the case, the seed, the day and the page."""
    rules = []
    for lang in LANGUAGES:
        words = Catalogue(lang)
        fmt = Formatter(words, inputs.case.number_style)
        origin = inputs.provenance
        left = words.text("harm.notice")
        right = words.text(
            "print.footer",
            case=origin.case_hash[:7],
            seed=origin.seed,
            date=fmt.day(origin.made),
            page="",
        ).strip()
        boxes = (
            f"@bottom-left{{content:{css_string(left)};width:78%}}"
            f"@bottom-right{{content:{css_string(right + ' ')} counter(page);width:20%}}"
        )
        rules.append(f"@page {lang}{{{boxes}}}@page {lang}-wide{{size:A4 landscape;{boxes}}}")
    return "".join(rules)


def write_whole(out: Path, text: str) -> Path:
    """Write a file so that a reader sees the old one or the new one, never a part."""
    temporary = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, out)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise StoreError(
            "the page could not be written",
            file=out.name,
            found=error.strerror or str(error),
            mend="choose a folder that can be written with --out, or free some space",
        ) from error
    return out
