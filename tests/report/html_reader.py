"""A page as a tree of elements, and a complaint for every tag that is not nested properly."""

from __future__ import annotations

import lzma
import string
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


MARKS = [one for one in string.digits + string.ascii_letters + string.punctuation if one not in "&<>"]


def unpacked(block: str) -> str:
    """What a packed part of a page holds: read backwards from what is known of its form, not from how it is made."""
    how, size, marks = block.split()
    digits = {mark: digit for digit, mark in enumerate(sorted(MARKS))}
    bits: list[str] = []
    for at in range(0, len(marks) - 1, 2):
        value = digits[marks[at]] + 91 * digits[marks[at + 1]]
        bits.append(f"{value:0{13 if value & 8191 > 88 else 14}b}"[::-1])
    if len(marks) % 2:
        bits.append(f"{digits[marks[-1]]:07b}"[::-1])
    line = "".join(bits)
    data = bytes(int(line[at : at + 8][::-1], 2) for at in range(0, len(line) - 7, 8))
    if how == "deflate":
        opened = zlib.decompress(data)
    else:
        filters = [{"id": lzma.FILTER_LZMA1, "lc": 3, "lp": 0, "pb": 0, "dict_size": 1 << 22}]
        opened = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters).decompress(data)
    assert len(opened) == int(size)
    return opened.decode()


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, tag: str = "", css: str = "", **attrs: str) -> list[Element]:
        """Elements below that have the tag, the class and the attributes asked for."""
        return [
            one
            for one in self.walk()
            if (not tag or one.tag == tag)
            and (not css or css in one.attrs.get("class", "").split())
            and all(one.attrs.get(name.replace("_", "-")) == value for name, value in attrs.items())
        ]

    def text(self) -> str:
        return "".join(self.texts_in_order())

    def texts_in_order(self) -> list[str]:
        return [*self.texts, *(text for child in self.children for text in child.texts_in_order())]

    def next(self) -> Element:
        """The element that follows this one."""
        assert self.parent is not None
        return self.parent.children[[id(one) for one in self.parent.children].index(id(self)) + 1]

    def inside(self, tag: str = "", css: str = "") -> bool:
        at = self.parent
        while at is not None:
            if (not tag or at.tag == tag) and (not css or css in at.attrs.get("class", "").split()):
                return True
            at = at.parent
        return False


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root", {})
        self.at = self.root
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> repeats an attribute: {names}")
        made = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(made)
        if tag not in VOID:
            self.at = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.at))

    def handle_endtag(self, tag: str) -> None:
        if self.at.tag != tag:
            self.faults.append(f"</{tag}> closes <{self.at.tag}> at {self.getpos()}")
            return
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.texts.append(data)


def read(html: str) -> Element:
    """Tree of a page; a fault in nesting is an error."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.faults, reader.faults[:5]
    assert reader.at is reader.root, f"<{reader.at.tag}> is never closed"
    return reader.root
