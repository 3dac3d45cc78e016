"""The sections of the page, one a file. A module here that has a `SECTION` is a section: adding one adds a file."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from tregua.report.section import Section


@cache
def all_sections() -> tuple[Section, ...]:
    """Every section, in the order of the page."""
    found = []
    for module in iter_modules(__path__):
        section = getattr(import_module(f"{__name__}.{module.name}"), "SECTION", None)
        if isinstance(section, Section):
            found.append(section)
    return tuple(sorted(found, key=lambda section: (section.number, section.id)))
