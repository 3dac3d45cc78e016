"""Section 0: what the page is, and what it may not be used for. Always open."""

from __future__ import annotations

from markupsafe import Markup

from tregua.report.section import Context, Section

LIMITS = ("limit.person", "limit.case_work", "limit.place", "limit.counterfactual", "limit.status", "limit.unknown")


def render(c: Context) -> Markup:
    """The notice, and folded under it the limits in full."""
    return c.html("notice.html.j2", limits=LIMITS)


SECTION = Section(0, "notice", "notice.title", "", render)
