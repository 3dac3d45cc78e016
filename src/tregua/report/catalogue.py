"""Every string shown to people, in two languages, with the same slots in each."""

from __future__ import annotations

import json
import string
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from tregua.errors import TreguaError

if TYPE_CHECKING:
    from tregua.report.inputs import Gate

LANGUAGES: tuple[str, ...] = ("en", "es")


class MissingStringError(TreguaError):
    """A text that the page asks for and the locale does not hold."""

    code = "E70"


@cache
def strings(lang: str) -> dict[str, str]:
    """Strings of one language, by key: every file of ``locale/<lang>/``, one a part of the page or the app.

    Raises
    ------
    MissingStringError
        Two files hold the same key.
    """
    loaded: dict[str, str] = {}
    folder = files("tregua.report").joinpath("locale", lang)
    for part in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not part.name.endswith(".json"):
            continue
        found: dict[str, str] = json.loads(part.read_text(encoding="utf-8"))
        for key in found:
            if key in loaded:
                raise MissingStringError(
                    "a text stands twice",
                    file=f"locale/{lang}/{part.name}",
                    key=key,
                    mend="keep it in one file",
                )
        loaded |= found
    return loaded


def slots(template: str) -> frozenset[str]:
    """Names of the slots in a string."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


class Catalogue:
    """The strings of one language.

    Parameters
    ----------
    lang : str
        ``en`` or ``es``.

    Raises
    ------
    MissingStringError
        A key that does not exist, or a slot that is not filled.
    """

    def __init__(self, lang: str) -> None:
        if lang not in LANGUAGES:
            raise MissingStringError(
                "no such language", key="lang", found=lang, allowed=", ".join(LANGUAGES), mend="choose one of them"
            )
        self.lang = lang
        self._strings = strings(lang)

    def __contains__(self, key: object) -> bool:
        return key in self._strings

    def _template(self, key: str) -> str:
        template = self._strings.get(key)
        if template is None:
            raise MissingStringError(
                "a text is missing", file=f"locale/{self.lang}/", key=key, mend="add it in every language"
            )
        return template

    def text(self, key: str, **values: object) -> str:
        """Plain text with its slots filled; for attributes, charts and anything escaped later."""
        template = self._template(key)
        try:
            return template.format(**values)
        except (KeyError, IndexError) as error:
            raise MissingStringError(
                f"slot {error} of a text is not filled",
                file=f"locale/{self.lang}/",
                key=key,
                allowed=", ".join(sorted(slots(template))),
                mend="give every slot a value",
            ) from error

    def html(self, key: str, **values: object) -> Markup:
        """Text for the page: the string is escaped, and so is each value that is not already markup."""
        template = Markup(escape(self._template(key)))
        try:
            return template.format(**{name: _as_markup(value) for name, value in values.items()})
        except (KeyError, IndexError) as error:
            raise MissingStringError(
                f"slot {error} of a text is not filled",
                file=f"locale/{self.lang}/",
                key=key,
                mend="give every slot a value",
            ) from error

    def years(self, n: int) -> str:
        """A number of years in words: "1 year", "5 years"."""
        return self.text("years.one" if n == 1 else "years.many", n=n)

    def each(self, number: str) -> str:
        """Histories of each draw: "1 history each", "4 histories each"."""
        return self.text("each.one" if number == "1" else "each.many", n=number)

    @staticmethod
    def inside(label: str) -> str:
        """A label as it stands inside a sentence: lower case, unless its first word is an abbreviation."""
        return label[:1].lower() + label[1:] if label[1:2].islower() else label

    @staticmethod
    def opening(label: str) -> str:
        """A meaning as it opens a sentence; an opening mark of a question stays before the capital."""
        at = 1 if label[:1] in "¿¡“«" else 0
        return label[:at] + label[at : at + 1].upper() + label[at + 1 :]

    @classmethod
    def sentence(cls, text: str) -> str:
        """A note as a sentence: capital first, one full stop."""
        return f"{cls.opening(text.strip().rstrip('.'))}."

    def listing(self, items: list[str]) -> str:
        """Join names as a sentence does: "a, b and c"."""
        return _join(items, self.text("list.and"))

    def either(self, items: list[str]) -> str:
        """The same for what excludes one another: "a, b or c"."""
        return _join(items, self.text("list.or"))

    def listing_html(self, items: list[Markup]) -> Markup:
        """The same for markup."""
        return Markup(_join([str(item) for item in items], str(escape(self.text("list.and")))))

    def institution(self, name: str) -> str:
        """An institution as this language writes it; names and initials stay as they are."""
        key = f"institution.{name}"
        return self.text(key) if key in self else name

    def gate_failed(self, gate: Gate, *, short: bool = False) -> str:
        """Readings whose gate was not passed while that of the default was judged; empty where there is none."""
        if not gate.failed:
            return ""
        named = self.listing([self.text("quote", text=one.of(self.lang)) for one in gate.failed])
        return self.text("gate.chip.except" if short else "gate.except", list=named)


def _as_markup(value: object) -> object:
    return value if isinstance(value, Markup) else Markup(escape(str(value)))


def _join(items: list[str], last: str) -> str:
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + f" {last} " + items[-1]
