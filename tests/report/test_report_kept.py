"""Pictures kept from one page to the next: taken only where all that draws them is the same, never trusted blindly."""

from __future__ import annotations

import json

import pytest

from tregua.report import kept as module
from tregua.report import picture
from tregua.report.kept import any_kept, kept
from tregua.report.picture import plain_days


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TREGUA_CACHE", str(tmp_path))
    return tmp_path / "pictures"


class Maker:
    """Makes a text and counts how often."""

    def __init__(self, text="<svg>ñ</svg>"):
        self.text, self.times = text, 0

    def __call__(self):
        self.times += 1
        return self.text


def held(folder):
    return [path for path in folder.glob("*/*") if path.is_file()]


def test_a_picture_is_made_once_and_then_taken_as_it_was(folder):
    first, second = Maker(), Maker("another")
    assert not any_kept()
    assert kept("svg", "source", first) == kept("svg", "source", second) == "<svg>ñ</svg>"
    assert (first.times, second.times) == (1, 0)
    assert any_kept()
    assert len(held(folder)) == 1


def test_whatever_a_picture_depends_on_makes_another(folder, monkeypatch):
    kept("svg", "source", Maker())
    assert kept("vega", "source", Maker("kind")) == "kind"
    assert kept("svg", "source ", Maker("words")) == "words"
    module._drawn_by.cache_clear()
    monkeypatch.setattr(module.metadata, "version", lambda _: "0")
    assert kept("svg", "source", Maker("exporter")) == "exporter"
    module._drawn_by.cache_clear()
    monkeypatch.undo()
    monkeypatch.setenv("TREGUA_CACHE", str(folder.parent))
    monkeypatch.setattr(module, "DRAWN_BY", module.DRAWN_BY[1:])
    assert kept("svg", "source", Maker("rules")) == "rules"
    module._drawn_by.cache_clear()


@pytest.mark.parametrize("spoil", [lambda data: data[:-3], lambda data: b"", lambda data: b"x" + data])
def test_a_spoiled_file_is_drawn_again(folder, spoil):
    kept("svg", "source", Maker())
    (path,) = held(folder)
    path.write_bytes(spoil(path.read_bytes()))
    again = Maker("drawn again")
    assert kept("svg", "source", again) == "drawn again"
    assert kept("svg", "source", Maker("never")) == "drawn again"
    assert held(folder) == [path]


def test_where_nothing_can_be_kept_pictures_are_drawn_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("TREGUA_CACHE", str(tmp_path / "file"))
    maker = Maker()
    assert kept("svg", "source", maker) == kept("svg", "source", maker) == maker.text
    assert maker.times == 2
    assert not any_kept()


def test_a_full_folder_loses_its_oldest_pictures(folder, monkeypatch):
    import os

    for n in range(8):
        kept("svg", f"source {n}", Maker("x" * n + "y" * 40))
    for path in held(folder):
        os.utime(path, (1, 1))
    kept("svg", "new", Maker("of today"))
    module._tidied.cache_clear()
    monkeypatch.setattr(module, "MOST", 60)
    assert kept("svg", "new", Maker("never")) == "of today"
    assert 1 <= len(held(folder)) <= 2
    module._tidied.cache_clear()


def test_a_picture_drawn_twice_is_the_same_to_the_last_byte(folder, monkeypatch):
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": [{"x": n, "y": n * n % 7, "t": f"word {n}"} for n in range(40)]},
        "layer": [{"mark": "line"}, {"mark": "text", "encoding": {"text": {"field": "t"}}}],
        "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}},
    }
    vega = picture._vega.__wrapped__(json.dumps(spec))
    first = picture._svg.__wrapped__(vega)
    monkeypatch.setenv("TREGUA_CACHE", str(folder / "elsewhere"))
    assert picture._vega.__wrapped__(json.dumps(spec)) == vega
    assert picture._svg.__wrapped__(vega) == first
    assert len(held(folder)) == len(held(folder / "elsewhere" / "pictures")) == 2


def test_instants_become_numbers_and_nothing_else_does():
    vega = {
        "scales": [{"domain": [{"signal": "datetime(-5)"}, {"signal": "datetime(7)"}]}],
        "axes": [{"values": {"signal": "{data: datetime(12)}"}}],
        "marks": [{"text": '{"signal": "datetime(1)"}', "x": {"signal": "datetime(1, 2)"}, "y": {"signal": "width"}}],
    }
    told = json.loads(plain_days(json.dumps(vega)))
    assert told["scales"][0]["domain"] == [-5, 7]
    assert told["axes"][0]["values"] == [12]
    assert told["marks"] == vega["marks"]
