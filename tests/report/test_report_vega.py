"""The runtime of live charts: the file that ships is what the installed exporter gives, without what no page needs."""

from __future__ import annotations

from tregua.report.vega import NAME, made, runtime


def test_the_file_is_what_the_exporter_gives() -> None:
    assert runtime() == made(), "run: python -m tregua.report.vega"


def test_the_file_opens_one_global_and_embeds_nothing() -> None:
    text = runtime()
    assert text.count(f"window.{NAME}=") == 1
    assert "vega-actions" not in text
    assert "</script" not in text
