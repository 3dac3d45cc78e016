"""Reading a ledger folder: TOML files in, a checked `Ledger` out, or everything that is wrong at once."""

from __future__ import annotations

import bisect
import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from tregua.errors import LedgerError, Problem, ProblemList
from tregua.ledger.claim import EVERY, TARGETS, Claim, Grade, Item, Link, Part, Reason, Target, source_hash
from tregua.ledger.dispute import Relation, check_relations
from tregua.ledger.ledger import Ledger, Seal
from tregua.ledger.name import looks_like_a_name
from tregua.ledger.role import Role
from tregua.ledger.source import Source

if TYPE_CHECKING:
    from pydantic import ValidationError

    from tregua.ledger import schema

EDITORS: Final = "editors"
"""Role id of those who keep the ledger: they grade, and they assert what they derived themselves."""

MAX_BYTES: Final = 64_000_000
"""A ledger file larger than this is not read."""

_NAME_FIELDS: Final = frozenset({"asserter", "subject", "by", "graded_by", "label_en", "label_es", "id"})
_INLINE: Final = re.compile(r"^([a-z_]+)\s*=\s*\[\s*$")
_HEADER: Final = re.compile(r"^\s*\[(\[)?\s*([A-Za-z0-9_.\"-]+)\s*\]")


@dataclass
class _File:
    """One parsed file, and where its tables stand."""

    name: str
    text: str
    tables: schema.LedgerFile | None = None

    @cached_property
    def rows(self) -> list[str]:
        """Lines of the text."""
        return self.text.splitlines()

    @cached_property
    def headers(self) -> dict[str, list[int]]:
        """Table name -> lines on which its tables begin; lines inside a long string are none.

        Tables of an inline array (``relation = [``) begin on the lines with their opening brace.
        """
        found: dict[str, list[int]] = {}
        quote = inline = ""
        for number, line in enumerate(self.rows, 1):
            if not quote:
                if match := _HEADER.match(line):
                    found.setdefault(match.group(2), []).append(number)
                    inline = ""
                elif match := _INLINE.match(line):
                    inline = match.group(1) if not found else ""
                elif inline and line.lstrip().startswith("{"):
                    found.setdefault(inline, []).append(number)
            for mark in ('"""', "'''"):
                if quote in ("", mark) and line.count(mark) % 2:
                    quote = "" if quote else mark
        return found

    @cached_property
    def starts(self) -> list[int]:
        """Lines on which any table begins, in order."""
        return sorted(line for lines in self.headers.values() for line in lines)

    def line(self, table: str, index: int, key: str = "") -> int | None:
        """Line of the n-th table of a name, or of a key in it."""
        lines = self.headers.get(table, [])
        if index >= len(lines):
            return None
        start = lines[index]
        after = bisect.bisect_right(self.starts, start)
        end = self.starts[after] if after < len(self.starts) else len(self.rows) + 1
        if key:
            pattern = re.compile(rf"^\s*[\"']?{re.escape(key)}[\"']?\s*=")
            for number in range(start, end):
                if pattern.match(self.rows[number - 1]):
                    return number
        return start


def load_ledger(folder: Path | str) -> Ledger:
    """Read and check a ledger folder.

    Parameters
    ----------
    folder : Path or str
        A folder with TOML files: roles, sources, claims, relations, assumptions, patterns, guard rails, and the seal
        in any number of files. ``[[claim]]`` tables keep their order: files by name, tables by place.

    Returns
    -------
    Ledger

    Raises
    ------
    LedgerError
        With every problem found: unreadable files, unknown keys and kinds, a missing translation, a name where a role
        belongs, dangling or circular relations, a hash that changed.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise LedgerError(
            "there is no ledger folder here", file=str(folder), found="nothing",
            allowed="a folder with TOML files", mend="name a case folder that has a ledger/ folder",
        )  # fmt: skip
    texts: dict[str, str] = {}
    problems = ProblemList()
    for path in sorted(folder.glob("*.toml")):
        try:
            if path.stat().st_size > MAX_BYTES:
                problems.add(Problem(
                    "E30", "the file is too large to be a ledger", f"ledger/{path.name}", found="over 64 MB",
                    allowed="up to 64 MB a file", mend="split it into several files",
                ))  # fmt: skip
                continue
            texts[path.name] = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            problems.add(Problem(
                "E30", "the file is not UTF-8", f"ledger/{path.name}", found=f"byte {error.start}",
                allowed="UTF-8 text", mend="save it as UTF-8",
            ))  # fmt: skip
        except OSError as error:
            problems.add(Problem(
                "E30", "the file cannot be read", f"ledger/{path.name}", found=error.strerror or "",
                allowed="a readable file", mend="check its permissions",
            ))  # fmt: skip
    if not texts and not problems.errors:
        problems.add(Problem(
            "E30", "the ledger folder is empty", str(folder), found="no .toml file", allowed="at least one",
            mend="copy the ledger folder of a bundled case and change it",
        ))  # fmt: skip
    problems.raise_errors(LedgerError, "the ledger cannot be read")
    return parse_ledger(texts)


def parse_ledger(texts: Mapping[str, str]) -> Ledger:
    """Make a ledger of the text of its files.

    Parameters
    ----------
    texts : mapping
        File name -> TOML text.

    Returns
    -------
    Ledger

    Raises
    ------
    LedgerError
        With every problem found.
    """
    problems = ProblemList()
    files = [_parse(name, text, problems) for name, text in texts.items()]
    problems.raise_errors(LedgerError, "the ledger cannot be read")
    return _Builder(files, problems).build()


def _parse(name: str, text: str, problems: ProblemList) -> _File:
    from pydantic import ValidationError

    from tregua.ledger.schema import LedgerFile

    file = _File(name, text)
    try:
        raw = tomllib.loads(text)
    except RecursionError:
        problems.add(Problem(
            "E30", "the file is nested too deeply", f"ledger/{name}", found="too many brackets",
            allowed="tables and lists as documented", mend="take the nesting out",
        ))  # fmt: skip
        return file
    except ValueError as error:
        where = re.search(r"line (\d+)", str(error))
        problems.add(Problem(
            "E30", "the file is not valid TOML", f"ledger/{name}", int(where.group(1)) if where else None,
            found=str(error).partition(" (at")[0][:80], allowed="TOML 1.0", mend="mend the line named here",
        ))  # fmt: skip
        return file
    try:
        file.tables = LedgerFile.model_validate(raw)
    except ValidationError as error:
        for problem in _from_pydantic(file, error):
            problems.add(problem)
    return file


def _from_pydantic(file: _File, error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors(include_url=False, include_context=False):
        trail = [part for part in detail["loc"] if not (isinstance(part, str) and part.startswith("function-"))]
        table = str(trail[0]) if trail else ""
        index = trail[1] if len(trail) > 1 and isinstance(trail[1], int) else 0
        keys = [str(part + 1) if isinstance(part, int) else str(part) for part in trail[2:]]
        names = [part for part in trail[2:] if isinstance(part, str)]
        last = names[-1] if names else table
        line = file.line(table, index, names[0] if names else "")
        yield _as_problem(detail["type"], detail["msg"], detail.get("input"), file.name, line, keys or [table], last)


def _as_problem(
    kind: str, message: str, given: Any, file: str, line: int | None, keys: list[str], last: str
) -> Problem:
    place = f"ledger/{file}"
    path = ".".join(keys)
    secret = last in _NAME_FIELDS or last.startswith("label") or not isinstance(given, str | int | bool | float)
    shown = "(not repeated here)" if secret or looks_like_a_name(str(given)) else repr(given)[:60]
    if kind == "missing" and last in {"en", "es", "label_en", "label_es"}:
        language = "Spanish" if last.endswith("es") else "English"
        return Problem(
            "E33", f"the {language} text is missing", place, line, path, "nothing", "every text in English and Spanish",
            "write the sentence in both languages, with the same hedges",
        )  # fmt: skip
    if kind == "value_error" and "empty text" in message and last in {"en", "es", "label_en", "label_es"}:
        return Problem(
            "E33", "a text is empty", place, line, path, "an empty text", "every text in English and Spanish",
            "write the sentence in both languages, with the same hedges",
        )  # fmt: skip
    if kind == "literal_error":
        allowed = message.removeprefix("Input should be ").replace("'", "")
        noun = {"kind": "kind", "legal": "legal state", "how": "direction"}.get(last, last)
        return Problem("E32", f"unknown {noun}", place, line, path, shown, allowed, "choose one of those allowed")
    if kind == "extra_forbidden":
        return Problem(
            "E36", "unknown key", place, line, path, "a key that a ledger does not have", "the documented keys",
            "take it out; tregua ledger schema prints what is known",
        )  # fmt: skip
    if kind == "missing":
        return Problem("E36", "a key is missing", place, line, path, "nothing", last, "add it")
    if last in {"asserter", "subject", "by", "graded_by"} or (last == "id" and "[a-z]" in message):
        return _name_problem(place, line, path, ())
    text = message.removeprefix("Value error, ")
    allowed = {
        "not a date": "2016, 2016-02, 2016-02-16, a span 2012-03/2014-05 (periods only), or unknown",
        "a control or invisible character": "visible text",
    }.get(text, text if kind != "value_error" else "a date that exists, in order")
    return Problem("E36", "this value cannot stand here", place, line, path, shown, allowed, "correct it")


def _name_problem(place: str, line: int | None, key: str, close: tuple[str, ...]) -> Problem:
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    return Problem(
        "E31", "looks like a person's name, or is no role of this ledger (not repeated here)", place, line, key,
        "(not repeated here)", 'a role id from the roles, such as "interlocutor"',
        f"write the role; a case never holds names{hint}",
    )  # fmt: skip


class _Builder:
    """Puts the tables of all files together and checks what no single table can know."""

    def __init__(self, files: list[_File], problems: ProblemList) -> None:
        self.files = files
        self.problems = problems
        self.places: list[str] = []
        self.roles: dict[str, Role] = {}
        self.sources: dict[str, Source] = {}
        self.claims: dict[str, Claim] = {}
        self.links: list[Link] = []
        self.relations: list[tuple[Relation, str, int | None]] = []
        self.assumptions: dict[tuple[str, str], Reason] = {}
        self.items: dict[tuple[str, str], Item] = {}
        self.openings: dict[tuple[str, str], tuple[str, ...]] = {}
        self.refused: set[str] = set()

    def each(self, table: str) -> Iterator[tuple[_File, int, Any]]:
        """All tables of one name over all files: file, index, table."""
        for file in self.files:
            for index, row in enumerate(getattr(file.tables, table)):
                yield file, index, row

    def problem(
        self,
        code: str,
        message: str,
        file: _File,
        table: str,
        index: int,
        key: str,
        found: str,
        allowed: str,
        mend: str,
    ) -> None:
        """Note a problem with its place."""
        line = file.line(table, index, key.partition(".")[0])
        self.problems.add(Problem(code, message, f"ledger/{file.name}", line, key, found, allowed, mend))

    def build(self) -> Ledger:
        """Everything in order: roles, sources, claims, relations, the rest, the seal."""
        for file in self.files:
            if file.tables is not None:
                self.places.extend(file.tables.places)
        self.add_roles()
        self.add_sources()
        self.add_claims()
        self.add_relations()
        self.add_assumptions()
        self.add_items()
        seal = self.read_seal()
        self.problems.raise_errors(LedgerError, "the ledger cannot be used as it stands")
        return Ledger(
            self.roles, self.sources, self.claims, tuple(relation for relation, _, _ in self.relations),
            tuple(self.links), tuple(self.assumptions.values()), self.items, seal,
        )  # fmt: skip

    def add_roles(self) -> None:
        """Roles, with the guard against names in their labels."""
        for file, index, row in self.each("role"):
            if row.id in self.roles:
                self.twice(file, "role", index, "id", row.id)
            for key, label in (("label_en", row.label_en), ("label_es", row.label_es)):
                if looks_like_a_name(label, places=self.places, strict=row.kind == "person"):
                    self.refused.add(row.id)
                    self.problem(
                        "E31", "looks like a person's name (not repeated here)", file, "role", index, key,
                        "(not repeated here)", "a role in common nouns, institutions and places",
                        "write the role in lower case; if it is a place, add it to places in this folder",
                    )  # fmt: skip
            self.roles[row.id] = Role(row.id, row.kind, row.label_en, row.label_es)

    def add_sources(self) -> None:
        """Sources; the same key twice is an error."""
        for file, index, row in self.each("source"):
            if row.key in self.sources:
                self.twice(file, "source", index, "key", row.key)
            self.sources[row.key] = Source(
                row.key, row.kind, row.publisher, row.title, row.date, row.licence, row.archived, row.read,
                row.address or "", row.locator or "", tuple(row.authors), row.container or "", row.volume or "",
                row.issue or "", row.pages or "", row.doi or "",
            )  # fmt: skip

    def twice(self, file: _File, table: str, index: int, key: str, id: str) -> None:
        """The same id a second time: a ledger grows at its end, it never overwrites."""
        self.problem(
            "E36", f"{table} {id} stands here twice", file, table, index, key, id, "each id once",
            "give the later one a new id; a correction is a claim of its own that supersedes the old one",
        )  # fmt: skip

    def role(self, id: str, file: _File, index: int, key: str) -> Role | None:
        """A declared role, or a problem that does not repeat what was written."""
        role = self.roles.get(id)
        if role is None:
            close = () if looks_like_a_name(id) else tuple(difflib.get_close_matches(id, self.roles, 2, 0.8))
            self.problems.add(_name_problem(
                f"ledger/{file.name}", file.line("claim", index, key.partition(".")[0]), key, close,
            ))  # fmt: skip
        return role

    def add_claims(self) -> None:
        """Claims with their parts and links, and the guard rails that concern one claim."""
        for file, index, row in self.each("claim"):
            if row.id in self.claims:
                self.twice(file, "claim", index, "id", row.id)
            subject = self.role(row.subject, file, index, "subject")
            self.role(row.graded_by, file, index, "graded_by")
            for id in row.asserter:
                self.role(id, file, index, "asserter")
            if row.source not in self.sources:
                self.problem(
                    "E36", f"{row.id} names a source without a citation", file, "claim", index, "source",
                    row.source[:40], "a key from the sources", "add the source, or correct the key",
                )  # fmt: skip
            if subject is not None and subject.is_person and not row.about_person:
                self.problem(
                    "E39", f"the subject of {row.id} is a person", file, "claim", index, "about_person", "false",
                    "true",
                    "set about_person = true: no value or rank is ever attached to such a claim",
                )  # fmt: skip
            if row.about_person and row.grade[1] != "6":
                self.problem(
                    "E39", f"{row.id} is about a person and its credibility is graded", file, "claim", index, "grade",
                    row.grade, f"{row.grade[0]}6",
                    "grade the source only: this ledger does not judge whether a claim about a person is true",
                )  # fmt: skip
            parts = tuple(self.part(row, place, part, file, index) for place, part in enumerate(row.part))
            if row.no_home is not None and row.link:
                self.problem(
                    "E36", f"{row.id} has links and says it has no home", file, "claim", index, "no_home", "both",
                    "one",
                    "take no_home out",
                )  # fmt: skip
            self.add_links(row, file, index)
            self.claims[row.id] = Claim(
                row.id, row.subject, row.about_person, row.asserted, row.period, row.source, row.place,
                Grade(row.grade[0], row.grade[1], row.graded_by), parts,
                row.no_home.en if row.no_home else "", row.no_home.es if row.no_home else "",
            )  # fmt: skip

    def part(self, row: Any, place: int, part: Any, file: _File, index: int) -> Part:
        """One part; its sentence has to begin with whoever says it."""
        asserters = tuple(part.by or row.asserter)
        for key, text in (("en", part.en), ("es", part.es)):
            # A label that was refused is not repeated, not even to say how a sentence should begin.
            roles = [self.roles[id] for id in asserters if id in self.roles and id not in self.refused]
            if roles and not text.startswith(self.openings_of(roles[0].id, key)):
                self.problem(
                    "E39", f"part {place + 1} of {row.id} does not begin with its asserter", file, "claim", index,
                    f"part.{place + 1}.{key}", "another beginning",
                    " or ".join(f'"{opening} ..."' for opening in self.openings_of(roles[0].id, key)),
                    "begin the sentence with whoever says it",
                )  # fmt: skip
        if part.by is not None:
            for id in asserters:
                self.role(id, file, index, f"part.{place + 1}.by")
        return Part(part.kind, part.legal, part.hedged, asserters, part.en, part.es)

    def openings_of(self, role: str, lang: str) -> tuple[str, ...]:
        """How a sentence said by a role may begin."""
        found = self.openings.get((role, lang))
        if found is None:
            label = self.roles[role].label(lang)
            capital = label[:1].upper() + label[1:]
            lead = "Según" if lang == "es" else "According to"
            found = self.openings[(role, lang)] = (capital, f"{lead} {label}")
        return found

    def add_links(self, row: Any, file: _File, index: int) -> None:
        """Links of one claim: kinds known, each target once."""
        seen: set[str] = set()
        for link in row.link:
            for to in link.to:
                kind, _, target = to.partition(":")
                if kind not in TARGETS:
                    self.problem(
                        "E32", f"a link of {row.id} has an unknown kind of target", file, "claim", index, "link.to",
                        kind[:40], ", ".join(TARGETS), "choose one of those allowed",
                    )  # fmt: skip
                    continue
                if to in seen:
                    self.problem(
                        "E36", f"{row.id} is linked twice to the same thing", file, "claim", index, "link.to", to,
                        "each target once a claim", "take one of them out",
                    )  # fmt: skip
                if kind == "reading" and link.how in ("supports", "against"):
                    self.problem(
                        "E32", f"a link of {row.id} to a reading", file, "claim", index, "link.how", link.how,
                        "consistent, inconsistent, neutral", "a claim fits a reading or does not; it never proves it",
                    )  # fmt: skip
                if target == EVERY and kind != "reading":
                    self.problem(
                        "E36", f"a link of {row.id} to everything", file, "claim", index, "link.to", to,
                        "reading:* or one id", "name what it bears on",
                    )  # fmt: skip
                seen.add(to)
                self.links.append(Link(row.id, cast(Target, kind), target, link.how, link.en, link.es))

    def add_relations(self) -> None:
        """Relations, checked among themselves."""
        for file, index, row in self.each("relation"):
            relation = Relation(row.start, row.kind, row.to, row.en, row.es)
            self.relations.append((relation, f"ledger/{file.name}", file.line("relation", index)))
        for problem in check_relations(self.relations, self.claims):
            self.problems.add(problem)

    def add_assumptions(self) -> None:
        """Assumptions; one rationale for each thing."""
        for file, index, row in self.each("assumption"):
            for to in row.to:
                kind, _, target = to.partition(":")
                if kind not in TARGETS or (kind, target) in self.assumptions:
                    self.problem(
                        "E36", "an assumption that cannot stand here", file, "assumption", index, "to", to[:60],
                        f"one rationale for each, about: {', '.join(TARGETS)}", "correct the kind, or take one out",
                    )  # fmt: skip
                    continue
                self.assumptions[(kind, target)] = Reason(cast(Target, kind), target, row.en, row.es)

    def add_items(self) -> None:
        """Patterns and guard rails."""
        kinds: tuple[Target, ...] = ("pattern", "guard_rail")
        for kind in kinds:
            for file, index, row in self.each(kind):
                if (kind, row.id) in self.items:
                    self.twice(file, kind, index, "id", row.id)
                self.items[(kind, row.id)] = Item(kind, row.id, row.en, row.es, row.held_out)

    def read_seal(self) -> Seal:
        """The seal, and whether everything sealed still says what it said."""
        claims: dict[str, str] = {}
        relations: dict[str, str] = {}
        sources: dict[str, str] = {}
        for file in self.files:
            if file.tables is None or file.tables.seal is None:
                continue
            claims.update(file.tables.seal.claims)
            relations.update(file.tables.seal.relations)
            sources.update(file.tables.seal.sources)
        present = {relation.key: relation.content_hash for relation, _, _ in self.relations}
        self.compare("claim", claims, {id: claim.content_hash for id, claim in self.claims.items()})
        self.compare("relation", relations, present)
        self.compare("source", sources, {key: source_hash(source) for key, source in self.sources.items()})
        return Seal(claims, relations, sources)

    def compare(self, what: str, sealed: Mapping[str, str], present: Mapping[str, str]) -> None:
        """What was sealed has to be there, unchanged."""
        for id, expected in sealed.items():
            if id not in present:
                self.problems.add(Problem(
                    "E35", f"{what} {id} was published and is gone", "ledger", None, "seal", "nothing",
                    "the sealed text",
                    "put it back: a ledger only grows; a retraction is a claim that supersedes it",
                ))  # fmt: skip
            elif present[id] != expected:
                self.problems.add(Problem(
                    "E35", f"{what} {id} was published with other content", "ledger", None, "seal", present[id],
                    expected,
                    "restore it, and write the correction as a claim of its own that supersedes it",
                ))  # fmt: skip


def seal_text(ledger: Ledger) -> str:
    """The seal of everything in a ledger, as the text of a TOML file.

    The old hashes are kept as they are; only what is not sealed yet is added.
    """
    lines = ["# Hashes of what has been published. A ledger only grows: a later outcome is a new claim."]
    present = {
        "claims": {id: claim.content_hash for id, claim in ledger.claims.items()},
        "relations": {relation.key: relation.content_hash for relation in ledger.relations},
        "sources": {key: source_hash(source) for key, source in ledger.sources.items()},
    }
    for table, hashes in present.items():
        lines += ["", f"[seal.{table}]"]
        old: Mapping[str, str] = getattr(ledger.seal, table)
        lines += [f'"{id}" = "{old.get(id, hashed)}"' for id, hashed in {**old, **hashes}.items()]
    return "\n".join(lines) + "\n"
