"""Exports: CSV and JSON that come back whole, JSON-LD claims without a rating, BibTeX and CSL-JSON of the sources.

Every export carries the notice of what it is not for. An allegation never leaves without asserter, status and reply.
A locator, an address that would identify a person, is in none of them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

from tregua.errors import LedgerError
from tregua.ledger.claim import Claim, Grade, Item, Link, Part, Reason
from tregua.ledger.dispute import Relation
from tregua.ledger.ledger import Ledger, Seal
from tregua.ledger.role import Role
from tregua.ledger.source import Source
from tregua.ledger.status import chips
from tregua.ledger.view import render_claim
from tregua.ledger.wording import NOTICE

FORMAT: Final = "tregua-ledger-1"
_LIST: Final = ";"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "'")

_SOURCE_FIELDS: Final = (
    "key", "kind", "publisher", "title", "date", "licence", "archived", "read", "address", "container", "volume",
    "issue", "pages", "doi",
)  # fmt: skip


def to_json(ledger: Ledger) -> str:
    """The whole ledger as JSON: parts, asserters, relations, links, assumptions, seal.

    Returns
    -------
    str
        `from_json` gives back an equal ledger. Computed fields (``shown``) are for readers and are not read back.
    """
    return json.dumps(_plain(ledger), ensure_ascii=False, indent=1)


def _plain(ledger: Ledger) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "notice": dict(NOTICE),
        "digest": ledger.digest,
        "roles": [
            {"id": r.id, "kind": r.kind, "label_en": r.label_en, "label_es": r.label_es} for r in ledger.roles.values()
        ],
        "sources": [
            {**{name: getattr(s, name) for name in _SOURCE_FIELDS}, "authors": list(s.authors)}
            for s in ledger.sources.values()
        ],
        "claims": [
            {
                "id": c.id,
                "subject": c.subject,
                "about_person": c.about_person,
                "asserted": c.asserted,
                "period": c.period,
                "source": c.source,
                "place": c.place,
                "grade": {"reliability": c.grade.reliability, "credibility": c.grade.credibility, "by": c.grade.by},
                "parts": [
                    {
                        "kind": p.kind,
                        "legal": p.legal,
                        "hedged": p.hedged,
                        "asserters": list(p.asserters),
                        "text_en": p.text_en,
                        "text_es": p.text_es,
                    }
                    for p in c.parts
                ],
                "no_home_en": c.no_home_en,
                "no_home_es": c.no_home_es,
                "hash": c.content_hash,
                "shown": {"en": render_claim(ledger, c.id, "en").box, "es": render_claim(ledger, c.id, "es").box},
            }
            for c in ledger.claims.values()
        ],
        "relations": [
            {"from": r.subject, "kind": r.kind, "to": r.object, "why_en": r.why_en, "why_es": r.why_es}
            for r in ledger.relations
        ],
        "links": [
            {
                "claim": x.claim,
                "kind": x.kind,
                "target": x.target,
                "direction": x.direction,
                "why_en": x.why_en,
                "why_es": x.why_es,
            }
            for x in ledger.links
        ],
        "assumptions": [
            {"kind": x.kind, "target": x.target, "why_en": x.why_en, "why_es": x.why_es} for x in ledger.assumptions
        ],
        "items": [
            {"kind": x.kind, "id": x.id, "label_en": x.label_en, "label_es": x.label_es, "held_out": x.held_out}
            for x in ledger.items.values()
        ],
        "seal": {
            "claims": dict(ledger.seal.claims),
            "relations": dict(ledger.seal.relations),
            "sources": dict(ledger.seal.sources),
        },
    }


def from_json(text: str) -> Ledger:
    """Read back what `to_json` wrote.

    Raises
    ------
    LedgerError
        For text that is no JSON, another format, or a claim whose hash does not match its content.
    """
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise _foreign("not JSON") from None
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise _foreign("JSON of something else")
    try:
        return _from_plain(raw)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise _foreign("a key missing or of another type") from None


def _foreign(found: str) -> LedgerError:
    return LedgerError(
        "this is no export of a ledger", key="format", found=found, allowed=FORMAT,
        mend="export it again with tregua ledger export",
    )  # fmt: skip


def _from_plain(raw: Mapping[str, Any]) -> Ledger:
    claims = {
        str(c["id"]): Claim(
            c["id"], c["subject"], c["about_person"], c["asserted"], c["period"], c["source"], c["place"],
            Grade(**c["grade"]),
            tuple(
                Part(p["kind"], p["legal"], p["hedged"], tuple(p["asserters"]), p["text_en"], p["text_es"])
                for p in c["parts"]
            ),
            c["no_home_en"], c["no_home_es"],
        )
        for c in raw["claims"]
    }  # fmt: skip
    for c in raw["claims"]:
        _same_hash(claims[c["id"]], c["hash"])
    return Ledger(
        {r["id"]: Role(**r) for r in raw["roles"]},
        {s["key"]: Source(**{**s, "authors": tuple(s["authors"])}) for s in raw["sources"]},
        claims,
        tuple(Relation(r["from"], r["kind"], r["to"], r["why_en"], r["why_es"]) for r in raw["relations"]),
        tuple(Link(**x) for x in raw["links"]),
        tuple(Reason(**x) for x in raw["assumptions"]),
        {(x["kind"], x["id"]): Item(**x) for x in raw["items"]},
        Seal(**raw["seal"]),
    )


def _same_hash(claim: Claim, expected: str) -> None:
    if claim.content_hash != expected:
        raise LedgerError(
            f"claim {claim.id} was changed outside the ledger", key="hash", found=claim.content_hash, allowed=expected,
            mend="export it again; a correction is a claim of its own that supersedes the old one",
        )  # fmt: skip


def to_csv(ledger: Ledger) -> dict[str, str]:
    """The whole ledger as CSV files.

    Returns
    -------
    dict
        File name -> text. ``claims.csv`` has one row a part, with status, reply and notice in words beside the ids, so
        that no row can be read without them. Cells that a spreadsheet could take for a formula begin with an
        apostrophe. `from_csv` gives back an equal ledger.
    """
    claims: list[list[str]] = []
    for claim in ledger.claims.values():
        en, es = render_claim(ledger, claim.id, "en"), render_claim(ledger, claim.id, "es")
        dispute = ledger.dispute(claim.id)
        for number, part in enumerate(claim.parts, 1):
            claims.append([
                claim.id, str(number), part.kind, part.legal, _flag(part.hedged), _LIST.join(part.asserters),
                claim.subject, _flag(claim.about_person), claim.asserted, claim.period, claim.source, claim.place,
                claim.grade.reliability, claim.grade.credibility, claim.grade.by,
                " · ".join(chips(part.kind, part.legal, "en")), " · ".join(chips(part.kind, part.legal, "es")),
                part.text_en, part.text_es,
                _LIST.join(dispute.replies), _LIST.join(dispute.contradicted_by),
                _LIST.join(ledger.web.into(claim.id, "supersedes")),
                en.reply_note or " ".join(f"{x.id}: {x.full}" for x in en.replies),
                es.reply_note or " ".join(f"{x.id}: {x.full}" for x in es.replies),
                en.outcome_note or " ".join(f"{x.id}: {x.full}" for x in en.outcomes),
                es.outcome_note or " ".join(f"{x.id}: {x.full}" for x in es.outcomes),
                claim.no_home_en, claim.no_home_es, claim.content_hash, NOTICE["en"], NOTICE["es"],
            ])  # fmt: skip
    tables: dict[str, list[list[str]]] = {
        "claims.csv": claims,
        "relations.csv": [[r.subject, r.kind, r.object, r.why_en, r.why_es] for r in ledger.relations],
        "links.csv": [[x.claim, x.kind, x.target, x.direction, x.why_en, x.why_es] for x in ledger.links],
        "roles.csv": [[r.id, r.kind, r.label_en, r.label_es] for r in ledger.roles.values()],
        "sources.csv": [
            [*(str(getattr(s, name)) for name in _SOURCE_FIELDS), _LIST.join(s.authors)]
            for s in ledger.sources.values()
        ],
        "assumptions.csv": [[x.kind, x.target, x.why_en, x.why_es] for x in ledger.assumptions],
        "items.csv": [[x.kind, x.id, x.label_en, x.label_es, _flag(x.held_out)] for x in ledger.items.values()],
        "seal.csv": [
            [table, id, hashed]
            for table in ("claims", "relations", "sources")
            for id, hashed in getattr(ledger.seal, table).items()
        ],
    }
    return {name: _write(_COLUMNS[name], rows) for name, rows in tables.items()}


_CLAIM_COLUMNS: Final = (
    "id", "part", "kind", "legal", "hedged", "asserters", "subject", "about_person", "asserted", "period", "source",
    "place", "reliability", "credibility", "graded_by", "status_en", "status_es", "text_en", "text_es", "replied_by",
    "contradicted_by", "superseded_by", "reply_en", "reply_es", "outcome_en", "outcome_es", "no_home_en", "no_home_es",
    "hash", "notice_en", "notice_es",
)  # fmt: skip
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "claims.csv": _CLAIM_COLUMNS,
    "relations.csv": ("from", "kind", "to", "why_en", "why_es"),
    "links.csv": ("claim", "kind", "target", "direction", "why_en", "why_es"),
    "roles.csv": ("id", "kind", "label_en", "label_es"),
    "sources.csv": (*_SOURCE_FIELDS, "authors"),
    "assumptions.csv": ("kind", "target", "why_en", "why_es"),
    "items.csv": ("kind", "id", "label_en", "label_es", "held_out"),
    "seal.csv": ("table", "id", "hash"),
}


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _write(header: Sequence[str], rows: list[list[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return out.getvalue()


def _read(files: Mapping[str, str], name: str) -> list[dict[str, str]]:
    if name not in files:
        raise LedgerError(
            "a table of the export is missing", file=name, found="nothing", allowed="every file of the export",
            mend="keep the files of an export together",
        )  # fmt: skip
    reader = csv.DictReader(io.StringIO(files[name], newline=""))
    if tuple(reader.fieldnames or ()) != _COLUMNS[name]:
        raise LedgerError(
            "a table of the export has other columns", file=name, found="another first line",
            allowed=",".join(_COLUMNS[name])[:200], mend="keep the first line of the table as it was written",
        )  # fmt: skip
    return [{key: cell[1:] if cell.startswith("'") else cell for key, cell in row.items()} for row in reader]


def from_csv(files: Mapping[str, str]) -> Ledger:
    """Read back what `to_csv` wrote.

    Parameters
    ----------
    files : mapping
        File name -> text.

    Raises
    ------
    LedgerError
        For a missing table or column, or a claim whose hash does not match its content.
    """
    try:
        rows: dict[str, list[dict[str, str]]] = {}
        for row in _read(files, "claims.csv"):
            rows.setdefault(row["id"], []).append(row)
        claims = {id: _claim_of(parts) for id, parts in rows.items()}
        seals: dict[str, dict[str, str]] = {"claims": {}, "relations": {}, "sources": {}}
        for row in _read(files, "seal.csv"):
            seals[row["table"]][row["id"]] = row["hash"]
        return Ledger(
            {r["id"]: Role(**cast(Any, r)) for r in _read(files, "roles.csv")},
            {
                s["key"]: Source(**cast(Any, {**s, "authors": _split(s["authors"])}))
                for s in _read(files, "sources.csv")
            },
            claims,
            tuple(
                Relation(r["from"], cast(Any, r["kind"]), r["to"], r["why_en"], r["why_es"])
                for r in _read(files, "relations.csv")
            ),
            tuple(Link(**cast(Any, x)) for x in _read(files, "links.csv")),
            tuple(Reason(**cast(Any, x)) for x in _read(files, "assumptions.csv")),
            {
                (x["kind"], x["id"]): Item(**cast(Any, {**x, "held_out": x["held_out"] == "true"}))
                for x in _read(files, "items.csv")
            },
            Seal(**seals),
        )
    except (KeyError, TypeError, AttributeError, ValueError, csv.Error):
        raise _foreign("a table or column missing, or a cell of another type") from None


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(_LIST)) if text else ()


def _claim_of(rows: list[dict[str, str]]) -> Claim:
    first = rows[0]
    claim = Claim(
        first["id"], first["subject"], first["about_person"] == "true", first["asserted"], first["period"],
        first["source"], first["place"], Grade(first["reliability"], first["credibility"], first["graded_by"]),
        tuple(
            Part(
                cast(Any, row["kind"]), cast(Any, row["legal"]), row["hedged"] == "true", _split(row["asserters"]),
                row["text_en"], row["text_es"],
            )
            for row in sorted(rows, key=lambda row: int(row["part"]))
        ),
        first["no_home_en"], first["no_home_es"],
    )  # fmt: skip
    _same_hash(claim, first["hash"])
    return claim


def to_json_ld(ledger: Ledger, lang: str = "en") -> str:
    """Claims as schema.org ``Claim``, without any rating.

    Parameters
    ----------
    ledger : Ledger
    lang : {"en", "es"}

    Returns
    -------
    str
        JSON-LD that may stand inside a page: ``<``, ``>`` and ``&`` are written as escapes.
    """
    graph = []
    for claim in ledger.claims.values():
        view = render_claim(ledger, claim.id, lang)
        source = ledger.sources[claim.source]
        entry: dict[str, Any] = {
            "@type": "Claim",
            "@id": f"#{claim.id}",
            "identifier": claim.id,
            "inLanguage": lang,
            "text": view.sentence,
            "creativeWorkStatus": " · ".join(view.chips),
            "author": [{"@type": "Role", "roleName": ledger.roles[role].label(lang)} for role in claim.asserters],
            "about": {"@type": "Role", "roleName": view.subject},
            "appearance": {
                "@type": "CreativeWork",
                "name": source.title,
                "publisher": {"@type": "Organization", "name": source.publisher},
                **({} if source.date == "unknown" else {"datePublished": source.date}),
                **({"url": source.address} if source.address else {}),
            },
            "usageInfo": NOTICE[lang],
        }
        if claim.asserted != "unknown":
            entry["dateCreated"] = claim.asserted
        replies = [{"@type": "Comment", "@id": f"#{reply.id}", "text": reply.full} for reply in view.replies]
        if view.reply_note:
            replies.append({"@type": "Comment", "text": view.reply_note})
        replies += [{"@type": "Comment", "@id": f"#{x.id}", "text": x.full} for x in view.contradicted_by]
        replies += [{"@type": "Comment", "@id": f"#{x.id}", "text": x.full} for x in view.outcomes]
        if view.outcome_note:
            replies.append({"@type": "Comment", "text": view.outcome_note})
        if replies:
            entry["comment"] = replies
        graph.append(entry)
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, indent=1)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


_BIBTEX_TYPES: Final = {
    "paper": "article", "report": "techreport", "book": "book", "survey": "techreport", "dataset": "misc",
}  # fmt: skip
_CSL_TYPES: Final = {
    "article": "webpage", "press": "article-newspaper", "agency": "article-newspaper", "blog": "post-weblog",
    "paper": "article-journal", "report": "report", "release": "article", "survey": "report",
    "encyclopedia": "entry-encyclopedia", "book": "book", "dataset": "dataset", "ledger": "article",
    "software": "software",
}  # fmt: skip
_TEX: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def to_bibtex(ledger: Ledger) -> str:
    """The sources, and only the sources, as BibTeX."""
    return sources_to_bibtex(ledger.sources.values())


def sources_to_bibtex(sources: Iterable[Source]) -> str:
    """Sources of any origin as BibTeX."""
    entries = [f"% {NOTICE['en']}"]
    for source in sources:
        fields: dict[str, str] = {"title": "{" + _tex(source.title) + "}"}
        if source.authors:
            fields["author"] = " and ".join("{" + _tex(a) + "}" if "," not in a else _tex(a) for a in source.authors)
        if source.publisher != "unknown":
            fields["institution" if source.kind in ("report", "survey") else "publisher"] = _tex(source.publisher)
        for name, value in (
            ("journal", source.container), ("year", source.year), ("volume", source.volume), ("number", source.issue),
            ("pages", source.pages.replace("-", "--")), ("doi", source.doi),
        ):  # fmt: skip
            if value:
                fields[name] = _tex(value)
        if source.address:
            fields["url"] = re.sub(r"[{}\\]", "", source.address)
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        entries.append(f"@{_BIBTEX_TYPES.get(source.kind, 'misc')}{{{source.key},\n{body}\n}}")
    return "\n\n".join(entries) + "\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in text)


def to_csl_json(ledger: Ledger) -> str:
    """The sources, and only the sources, as CSL-JSON."""
    return sources_to_csl_json(ledger.sources.values())


def sources_to_csl_json(sources: Iterable[Source]) -> str:
    """Sources of any origin as CSL-JSON."""
    entries = []
    for source in sources:
        entry: dict[str, Any] = {"id": source.key, "type": _CSL_TYPES[source.kind], "title": source.title}
        if source.authors:
            entry["author"] = [_csl_name(author) for author in source.authors]
        if source.publisher != "unknown":
            entry["publisher"] = source.publisher
        if source.date != "unknown":
            entry["issued"] = {"date-parts": [[int(part) for part in source.date.split("-")]]}
        for name, value in (
            ("container-title", source.container), ("volume", source.volume), ("issue", source.issue),
            ("page", source.pages), ("DOI", source.doi), ("URL", source.address),
        ):  # fmt: skip
            if value:
                entry[name] = value
        entries.append(entry)
    return json.dumps(entries, ensure_ascii=False, indent=1)


def _csl_name(author: str) -> dict[str, str]:
    family, _, given = author.partition(", ")
    return {"family": family, "given": given} if given else {"family": family}
