"""Write the reference pages of the site from the declarations, the command line and the tables of the bundled cases.

Run it after a parameter, lever, outcome, reading, response, command, column, source or claim came, went or changed:
python tests/house/write_reference.py
"""

from __future__ import annotations

import csv
import inspect
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from column_meanings import COLUMNS
from flow_drawing import drawing
from source_tree import ROOT

DOCS = ROOT / "docs"
MADE = "<!-- Written by tests/house/write_reference.py; change what it is written from. -->\n"
CASES = ROOT / "src" / "tregua" / "cases"
Row = Sequence[object]


def pages() -> dict[str, str]:
    """Every page that is written, by its path under ``docs/``."""
    makers: dict[str, Callable[[], str]] = {
        "reference/commands.md": commands,
        "reference/python.md": python,
        "reference/parameters.md": parameters,
        "reference/levers.md": levers,
        "reference/outcomes.md": outcomes,
        "reference/readings.md": readings,
        "reference/responses.md": responses,
        "reference/mechanisms.md": mechanisms,
        "reference/cases.md": cases,
        "reference/case-format.md": case_format,
        "reference/ledger-format.md": ledger_format,
        "reference/problems.md": problems,
        "reference/data.md": data,
        "reference/sources.md": sources,
        "reference/claims.md": claims,
        "es/referencia.md": spanish,
    }
    out = {name: _page(maker()) for name, maker in makers.items()}
    from tregua.case import json_schema
    from tregua.ledger.schema import json_schema as ledger_schema

    out["explanation/flow.svg"], out["es/flow.svg"] = drawing("en"), drawing("es")
    out["reference/case.schema.json"] = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    out["reference/ledger.schema.json"] = json.dumps(ledger_schema(), indent=2, ensure_ascii=False) + "\n"
    return out


def _page(text: str) -> str:
    head, _, rest = text.strip().partition("\n")
    return f"{head}\n\n{MADE}{rest.rstrip()}\n"


def _table(heads: Sequence[str], rows: Iterable[Row]) -> str:
    body = [[_cell(cell) for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in [list(heads), ["---"] * len(heads), *body])


def _cell(value: object) -> str:
    text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|").replace("\n", " ").strip() or "-"


def _code(text: object) -> str:
    return f"`{text}`" if str(text) else ""


def _first_line(thing: object) -> str:
    return " ".join(inspect.cleandoc(getattr(thing, "__doc__", None) or "").split("\n\n")[0].split())


# --- the command line -------------------------------------------------------------------------------------------------


def commands() -> str:
    """Every command with its arguments and options, under the question that it answers."""
    import typer

    from tregua.cli import ENTRIES, questions

    group: Any = typer.main.get_command(questions)
    context = group.make_context("tregua", [], resilient_parsing=True)
    out = [
        "# Commands",
        "",
        "What `tregua COMMAND --help` says, for every command. Results go to standard output, progress and notes to "
        "standard error. Exit status: 0 done, 1 something that you can mend, 2 wrong usage, 3 finished but runs were "
        "set aside or a gate stopped the verdict, 130 interrupted and resumable. `--debug` (where an error arose) and "
        "`--no-color` may stand anywhere on the line; `tregua --lang es COMMAND` speaks Spanish.",
    ]
    last = ""
    for entry in ENTRIES:
        if not entry.exists:
            continue
        if entry.question_en != last:
            last = entry.question_en
            out += ["", f"## {last}"]
        out += _command(group.get_command(context, entry.name), f"tregua {entry.name}", 3)
    return "\n".join(out)


def _command(command: Any, path: str, level: int) -> list[str]:
    out = ["", f"{'#' * level} `{path}`", "", _sentence(command.help or "")]
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help" and not p.hidden]
    if arguments:
        rows = [[_code(p.name), "" if p.required else _default(p), p.help or ""] for p in arguments]
        out += ["", _table(["argument", "default", "meaning"], rows)]
    if options:
        rows = [
            [", ".join(_code(o) for o in (*p.opts, *p.secondary_opts)), _kind(p), _default(p), p.help or ""]
            for p in options
        ]
        out += ["", _table(["option", "takes", "default", "meaning"], rows)]
    for name, below in getattr(command, "commands", {}).items():
        out += _command(below, f"{path} {name}", level + 1)
    return out


def _sentence(text: str) -> str:
    return " ".join(inspect.cleandoc(text).split())


def _kind(option: Any) -> str:
    if option.is_flag:
        return "-"
    told = str(option.type_descriptor.annotation)
    kinds = {"Path": "a path", "float": "a number", "int": "a whole number", "Literal": "a word"}
    kind = next((words for name, words in kinds.items() if name in told), "text")
    low, high = (getattr(option, bound, None) for bound in ("min", "max"))
    if low is not None or high is not None:
        kind += f", {low:g} or more" if high is None else f", {low:g} to {high:g}"
    return f"{kind}, repeatable" if option.multiple else kind


def _default(option: Any) -> str:
    value = option.default
    if value is None or callable(value) or value in (False, (), [], "") or "UNSET" in repr(value).upper():
        return ""
    return _code(value)


# --- the library ------------------------------------------------------------------------------------------------------

GROUPS: dict[str, tuple[str, ...]] = {
    "Cases": ("load_case", "bundled_cases", "check_case", "Case"),
    "Histories and comparisons": ("simulate", "compare", "Compared"),
    "What a truce did": ("estimate_effect", "Estimated"),
    "Calibrate and validate": ("calibrate_case", "Fitted", "validate_case", "Validated"),
    "The ledger": ("load_ledger", "Ledger"),
    "Experiments": ("Experiment", "simulate_years", "Years", "Arm", "Decision", "Reading", "Timeline"),
    "The recruitment model of 2023": ("read_network", "recruitment_run"),
    "The model": ("engine", "Engine", "Replacement", "Parameter", "Outcome", "odd", "PARAMETERS", "LEVERS",
                  "OUTCOMES", "MECHANISMS"),
    "Worlds of your own": ("World", "Area", "Gang", "synthetic_country", "Simulator", "simulate_history", "Run"),
    "Errors": ("TreguaError", "Problem"),
}  # fmt: skip


def python() -> str:
    """Public names, from their descriptions."""
    import tregua

    public = [name for name in tregua.__all__ if name != "__version__"]
    grouped = {name for names in GROUPS.values() for name in names}
    rest = tuple(name for name in public if name not in grouped)
    out = [
        "# Python",
        "",
        "`import tregua` costs next to nothing: a name is read from its module when it is first used. What is not on "
        "this page is not public and may change without a word.",
        "",
        "`simulate`, `compare`, `calibrate_case` and `validate_case` give xarray datasets and pandas tables and need "
        "the extra `arrays`; `estimate_effect` needs `effect`. Calibration is called `calibrate_case`, because "
        "`tregua.calibrate` is the package in which its parts lie.",
        "",
        "```python",
        "import tregua",
        "",
        'case = tregua.load_case("el_salvador_2012")',
        'print(case.title_en, len(case.readings), "readings", len(case.decisions["2012"].arms), "responses")',
        "```",
    ]
    for title, names in (*GROUPS.items(), ("More", rest)):
        found = [name for name in names if name in public]
        if found:
            out += ["", f"## {title}"]
            out += [line for name in found for line in ("", f"::: tregua.{name}")]
    return "\n".join(out)


# --- the declarations -------------------------------------------------------------------------------------------------


def parameters() -> str:
    """All parameters, mechanism by mechanism."""
    from tregua.model.declare import MECHANISMS, PARAMETERS

    every = list(PARAMETERS.values())
    roles = Counter(p.role for p in every)
    out = [
        "# Parameters",
        "",
        f"All {len(every)}, as declared at the head of their mechanisms: {roles['fitted']} fitted together to the "
        f"figures, {roles['varied']} drawn from their priors in every run with draws, {roles['fixed']} held unless a "
        f"reading or a switch sets them. {sum(p.is_assumption for p in every)} rest on an assumption, "
        f"{sum(p.identifiable == 'yes' for p in every)} are narrowed by the figures to 2013 alone (column *told by "
        "figures*: yes, part, no). Notation of priors: `LogN(median, log sd)`, `LgtN(median, logit sd)`, "
        "`N(mean, sd)`, `HalfN(sd)`, `Beta(a, b)`, `U(lower, upper)`, `Gamma(shape, mean x)`, `x/U(lower, upper)`, "
        "`Dirichlet(a, b, c)`. `--set NAME=VALUE` holds one at a value in every draw.",
    ]
    for mechanism in MECHANISMS:
        if mechanism.parameters:
            out += [
                "",
                f"## {mechanism.id}",
                "",
                f"{mechanism.meaning_en.capitalize()}. Section {mechanism.sections} of [the model](../model.md).",
                "",
                _parameters(mechanism.parameters),
            ]
    return "\n".join(out)


def _parameters(declared: Iterable[Any], lang: str = "en") -> str:
    heads = {
        "en": [
            "name",
            "symbol",
            "unit",
            "default",
            "prior",
            "bounds",
            "role",
            "told by figures",
            "meaning",
            "rests on",
            "claims",
        ],
        "es": ["nombre", "símbolo", "unidad", "valor", "previo", "límites", "papel", "significado"],
    }[lang]
    words = {"fitted": "ajustado", "varied": "variado", "fixed": "fijo"}
    rows: list[Row] = []
    for p in declared:
        row: list[object] = [_code(p.name), p.symbol, p.unit, p.default, _code(p.prior), f"{p.lower:g} to {p.upper:g}"]
        if lang == "en":
            row += [p.role, p.identifiable, p.meaning_en, p.evidence, ", ".join(p.claims)]
        else:
            row[-1] = f"{p.lower:g} a {p.upper:g}"
            row += [words[p.role], p.meaning_es]
        rows.append(row)
    return _table(heads, rows)


def levers() -> str:
    """All levers, and what each was in the bundled cases."""
    from tregua.case import bundled_cases
    from tregua.model.levers import LEVERS

    out = [
        "# Levers",
        "",
        "Policy enters through these only: step functions of time. A response sets some of them from a decision on; "
        "the record of a case is their path as judged from dated sources. Dates are sourced, sizes are judgements.",
        "",
        _table(
            ["lever", "unit", "range", "meaning", "claims"],
            [[_code(v.id), v.unit, f"{v.lower:g} to {v.upper:g}", v.meaning_en, ", ".join(v.claims)] for v in LEVERS],
        ),
    ]
    for case in bundled_cases():
        rows = _rows(CASES / case / "levers.csv")
        out += [
            "",
            f"## The record of {_title(case)}",
            "",
            _table(
                ["lever", "from", "value", "source of the date", "basis"],
                [[_code(r["id"]), r["date"], r["value"], r["source"], r["basis"]] for r in rows],
            ),
        ]
    return "\n".join(out)


def outcomes() -> str:
    """All outcomes."""
    from tregua.model.outcomes import OUTCOMES

    harm = {"up": "more", "down": "less", "none": "-"}
    rows = [
        [_code(o.id), o.unit, o.kind, harm[o.harm], "yes" if o.rights else "", "yes" if o.by_gang else "", o.meaning_en]
        for o in OUTCOMES.values()
    ]
    return "\n".join(
        [
            "# Outcomes",
            "",
            "What a history is read for. A *flow* accumulates between two days, a *stock* is read at a day, a "
            "*path* needs "
            "the whole history. Outcomes marked *rights* stand beside homicides wherever responses are compared; "
            "no view "
            "or export leaves them out.",
            "",
            _table(["outcome", "unit", "kind", "worse when", "rights", "by gang", "meaning"], rows),
        ]
    )


def readings() -> str:
    """Readings of the bundled cases, with what each sets."""
    from tregua.case import bundled_cases, load_case

    out = [
        "# Readings",
        "",
        "A reading is a rival account of the same facts: it sets parameters, scales them, or lays a lever path over "
        "every response. Where it changes what the figures mean it must be refitted before any response is compared, "
        "and shows no number until it is. None of them is the true one; none is left out by default. What each is for: "
        "[readings, regret and evidence](../explanation/readings-and-regret.md).",
    ]
    for name in bundled_cases():
        case = load_case(name)
        rows: list[Row] = []
        for id, reading in case.readings.items():
            sets = [f"{_code(k)} = {v:g}" for k, v in reading.sets.items()]
            sets += [f"{_code(k)} × {v:g}" for k, v in reading.scales.items()]
            sets += [f"{_code(k)} along {_dated(case, path)}" for k, path in reading.paths.items()]
            fit = "needed" if reading.needs_refit else "done" if reading.refit else ""
            rows.append([_code(id), reading.meaning_en, "; ".join(sets) or "nothing", fit])
        out += ["", f"## {case.title_en}", "", _table(["reading", "says", "sets", "refit"], rows)]
    return "\n".join(out)


def _dated(case: Any, path: Iterable[tuple[int, float]]) -> str:
    from datetime import timedelta

    return ", ".join(f"{value:g} from {case.start + timedelta(days=int(day))}" for day, value in path)


def responses() -> str:
    """Responses of the bundled cases, decision by decision, with their levers."""
    from tregua.case import bundled_cases, load_case

    out = [
        "# Responses",
        "",
        "A response (an *arm*) is a set of lever values and the day from which they hold; levers that it does not name "
        "stay where they were. Every response is compared with `no_truce` under the same draw and luck. "
        "`as_it_happened` is a record with its own later levers: shown, never ranked.",
    ]
    for name in bundled_cases():
        case = load_case(name)
        for decision in case.decisions.values():
            title = case.labels.get(("decision", decision.id), (decision.id, decision.id))[0]
            rows: list[Row] = []
            for arm in decision.arms.values():
                sets = ", ".join(f"{_code(k)} {v:g}" for k, v in arm.sets.items())
                if arm.record:
                    sets = "the record" + (f", without {', '.join(map(_code, arm.without))}" if arm.without else "")
                rows.append([_code(arm.id), arm.label_en, sets or "nothing changes", arm.meaning_en])
            out += [
                "",
                f"## {case.title_en}, decision `{decision.id}`",
                "",
                f"{title}. Read after {', '.join(map(str, decision.horizons))} years.",
                "",
                _table(["response", "label", "levers", "meaning"], rows),
            ]
    return "\n".join(out)


def mechanisms() -> str:
    """Mechanisms with the functions that a user may replace."""
    from tregua.model.declare import MECHANISMS
    from tregua.model.odd import functions_of

    out = [
        "# Mechanisms and their slots",
        "",
        "The week is assembled from these, in the order of `tregua odd`. Every function is a *slot*: "
        '`tregua.Replacement("mechanism.function", yours)` puts your own in its place '
        "([how](../how-to/replace-a-mechanism.md)). A replacement takes the same number of arguments in the same "
        "order, and uses arithmetic and `math` only.",
    ]
    for mechanism in MECHANISMS:
        out += [
            "",
            f"## {mechanism.id}",
            "",
            f"{mechanism.meaning_en.capitalize()}. Section {mechanism.sections} of "
            f"[the model](../model.md). Reads {mechanism.reads}. Writes {mechanism.writes}.",
            "",
        ]
        rows = [
            [_code(f"{mechanism.id}.{f.__name__}"), _code(", ".join(inspect.signature(f).parameters)), _first_line(f)]
            for f in functions_of(mechanism.module)
        ]
        out.append(_table(["slot", "arguments", "what it gives"], rows))
    return "\n".join(out)


# --- cases ------------------------------------------------------------------------------------------------------------


def cases() -> str:
    """The cases that ship: what each has, and what it says of itself."""
    from tregua.case import bundled_cases, check_case, load_case

    out = [
        "# The cases that ship",
        "",
        "What each holds, counted from its own tables, and what it says of itself. `tregua run ID` runs one; a copy "
        "of its folder under another id is a case of your own ([Bring your own truce](../how-to/your-own-truce.md)).",
    ]
    for name in bundled_cases():
        case = load_case(name)
        ledger = _ledger(name)
        uses = Counter(o.use for o in case.observations)
        told = [
            ("days", f"{case.start} to {case.end}"),
            ("figures may be fitted until", case.fit_end),
            ("areas, gangs", f"{len(case.world.areas)}, {len(case.world.gangs)}"),
            ("decisions", ", ".join(_code(d) for d in case.decisions)),
            ("responses", len({arm for d in case.decisions.values() for arm in d.arms})),
            ("readings", len(case.readings)),
            ("figures", ", ".join(f"{n} {use}" for use, n in sorted(uses.items())) or "none"),
            ("dated events", len(case.events)),
            ("claims", len(ledger.claims) if ledger is not None else "no ledger"),
            ("what it lacks", "; ".join(p.message for p in check_case(name) if p.code == "W03") or "nothing asked for"),
        ]
        out += ["", f"## {case.title_en}", "", f"`{name}`", "", _table(["what", "here"], told)]
        text = (CASES / name / "README.md").read_text(encoding="utf-8").strip()
        out += ["", *_quoted(text)]
    return "\n".join(out)


def _quoted(text: str) -> list[str]:
    """What a case says of itself, its headings two levels down and without its title."""
    body = text.partition("\n")[2].strip()
    return [f"##{line}" if line.startswith("#") else line for line in body.splitlines()]


def case_format() -> str:
    """Tables and keys of a case folder, from the schema."""
    from tregua.case.schema import FORMAT, ROW_MODELS, CaseFile

    out = [
        "# Case folder and its schema",
        "",
        f"Format version {FORMAT}. `case.toml` holds what has one value; tables hold the rest. `tregua check FOLDER` "
        "tells everything that is wrong at once. [case.schema.json](case.schema.json) is the JSON Schema of all that "
        "follows (`tregua check --schema` prints it): in an editor with a TOML language server, put "
        "`#:schema case.schema.json` on the first line of `case.toml` and keys complete themselves. Lines that are "
        "*required* must be there; everything else may be left out, and `tregua check` says what that costs.",
        "",
        "## `case.toml`",
    ]
    shown: list[tuple[str, Any]] = [("", CaseFile), *_inner(CaseFile)]
    for key, model in shown:
        if key:
            out += ["", f"### `{key}`", "", _purpose(model)]
        out += ["", _fields(model)]
    for file, model in ROW_MODELS.items():
        out += ["", f"## `{file}`", "", _purpose(model), "", _fields(model)]
    return "\n".join(out)


def ledger_format() -> str:
    """Tables and keys of a ledger folder, from the schema."""
    from tregua.ledger.schema import BothTable, LedgerFile, LinkTable, PartTable

    out = [
        "# Ledger folder and its schema",
        "",
        "A case may have a folder `ledger/` with any number of TOML files: who says what, where, who denies it, and "
        "what it bears on. All are read together, so that sources, roles and claims may stand in files of their own. "
        "[ledger.schema.json](ledger.schema.json) is the JSON Schema of a file (`tregua ledger schema` prints it). "
        "`tregua check` tells what is wrong, `tregua ledger coverage` what has no claim behind it and no reason why. "
        "The ledger of the bundled case is an example: its folder has a README.",
        "",
        "Roles, institutions and topics stand here, never persons by name. Every text is in both languages, with the "
        "same hedges. What is published is sealed with `tregua ledger seal`: it is superseded, and edited no more.",
        "",
        _fields(LedgerFile),
    ]
    shown = [*_inner(LedgerFile), ("part", PartTable), ("link", LinkTable), ("no_home", BothTable)]
    for key, model in shown:
        where = {"part": "`part` of a claim", "link": "`link` of a claim", "no_home": "`no_home` of a claim"}
        out += ["", f"## {where.get(key, _code(key))}", "", _purpose(model), "", _fields(model)]
    return "\n".join(out)


def _purpose(model: Any) -> str:
    """What a table is for, without its name, which stands above."""
    text = re.sub(r"^(A row of )?``[^`]+``( of a claim)?[.:] *", "", _sentence(model.__doc__ or "")).replace("``", "`")
    return text[:1].upper() + text[1:] or "One row a line."


def _inner(model: Any) -> list[tuple[str, Any]]:
    from typing import get_args, get_origin

    from pydantic import BaseModel

    found = []
    for name, info in model.model_fields.items():
        for kind in (info.annotation, *get_args(info.annotation)):
            if inspect.isclass(kind) and issubclass(kind, BaseModel):
                many = get_origin(info.annotation) is list
                found.append((f"[[{name}]]" if many else f"[{name}]", kind))
    return found


def _fields(model: Any) -> str:
    schema = model.model_json_schema(by_alias=True)
    required = set(schema.get("required", ()))
    rows: list[Row] = []
    for name, told in schema["properties"].items():
        default = told.get("default")
        shown = "required" if name in required else "" if default in (None, "", [], {}) else _code(json.dumps(default))
        if isinstance(default, dict):
            shown = ""
        rows.append([_code(name), _allowed(told), shown, told.get("description", "")])
    return _table(["key", "allowed", "default", "meaning"], rows)


def _allowed(told: Mapping[str, Any]) -> str:
    if "anyOf" in told:
        return " or ".join(dict.fromkeys(_allowed(kind) for kind in told["anyOf"] if kind.get("type") != "null"))
    if "enum" in told:
        return ", ".join(_code(value) if value != "" else "empty" for value in told["enum"])
    if "const" in told:
        return _code(told["const"])
    if "$ref" in told:
        return "a table"
    kind = told.get("type", "")
    if kind == "array":
        return f"a list: {_allowed(told.get('items', {}))}"
    if kind == "object":
        inner = told.get("additionalProperties", {})
        return "a table of texts" if inner.get("type") == "string" else "a table of numbers"
    if kind == "boolean":
        return "true, false"
    if kind == "string":
        if "format" in told:
            return "a date, YYYY-MM-DD"
        return {"^[A-Za-z0-9][A-Za-z0-9_.\\-]*$": "an id", "^[a-z][a-z0-9_]*$": "an id of a role"}.get(
            told.get("pattern", ""), "text"
        )
    name = {"integer": "a whole number", "number": "a number"}.get(kind, kind)
    low = told.get("minimum", told.get("exclusiveMinimum"))
    high = told.get("maximum", told.get("exclusiveMaximum"))
    if low is not None and high is not None:
        return f"{name}, {low:g} to {high:g}"
    if "exclusiveMinimum" in told:
        return f"{name} above {low:g}"
    return f"{name}, {low:g} or more" if low is not None else name


def problems() -> str:
    """Codes of `tregua check`."""
    from tregua.case import CODES

    rows = [[_code(code), "warning" if code.startswith("W") else "error", about] for code, about in CODES.items()]
    return "\n".join(
        [
            "# Problems and their codes",
            "",
            "What `tregua check` can say of a case folder. Each problem names the file, the line, the key, what "
            "was found, "
            "what is allowed and how to mend it; a code is never given another meaning. Warnings tell what is "
            "missing and "
            "what that costs; a case with warnings runs.",
            "",
            _table(["code", "kind", "about"], rows),
        ]
    )


def data() -> str:
    """The tables of the bundled cases: columns, meaning, what is in them."""
    from tregua.case import bundled_cases
    from tregua.series import MEASURES

    out = [
        "# Data dictionary",
        "",
        "Every table of the bundled cases, read from the files themselves: what each column means and what stands in "
        "it. Tables are UTF-8, comma-separated; a first line holds the names of the columns; an empty cell means *not "
        "given*. Days are inclusive at both ends. Nothing here names a person. How a figure may be used (`use`): "
        "`fit` enters a fit, `score` is compared after it, `alternative` is another count of the same days, `excluded` "
        "has its reason beside it. Keys of sources: [Sources](sources.md).",
    ]
    out += [
        "",
        "## Measures",
        "",
        "What a figure may count (`measure`), and the outcome of the model that it is held against, if any.",
        "",
        _table(
            ["measure", "kind", "unit", "meaning", "outcome"],
            [[_code(m.id), m.kind, m.unit, m.meaning_en, _code(m.outcome)] for m in MEASURES.values()],
        ),
    ]
    for case in bundled_cases():
        out += ["", f"## {_title(case)}"]
        for path in sorted((CASES / case).rglob("*.csv")):
            name = path.relative_to(CASES / case).as_posix()
            out += ["", f"### `{case}/{name}`", ""]
            rows = _rows(path)
            out.append("1 row." if len(rows) == 1 else f"{len(rows)} rows.")
            if name == "draws.csv":
                out[-1] += " One column a fitted parameter, one row a draw: [Parameters](parameters.md)."
                continue
            if name == "refits.csv":
                out[-1] += " One row a fitted parameter, one column a reading that was refitted."
                continue
            if rows:
                out += [
                    "",
                    _table(
                        ["column", "meaning", "what stands in it"],
                        [
                            [_code(column), COLUMNS.get(column, ""), _content([r[column] for r in rows])]
                            for column in rows[0]
                        ],
                    ),
                ]
    return "\n".join(out)


def _content(cells: Sequence[str]) -> str:
    filled = [cell for cell in cells if cell]
    empty = "" if len(filled) == len(cells) else f"; empty in {len(cells) - len(filled)}"
    if not filled:
        return "empty"
    kinds = sorted(set(filled))
    numbers = [n for cell in filled if (n := _number(cell)) is not None]
    if len(numbers) == len(filled):
        return f"{min(numbers):,.6g} to {max(numbers):,.6g}{empty}"
    if all(re.fullmatch(r"\d{4}(-\d\d){0,2}", cell) for cell in filled):
        return f"{min(filled)} to {max(filled)}{empty}"
    if len(kinds) <= 12 and max(map(len, kinds)) <= 40 and len(kinds) < len(filled):
        return ", ".join(_code(kind) for kind in kinds) + empty
    return f"{len(kinds)} different{empty}"


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def sources() -> str:
    """Every source of figures, and every source of claims."""
    from tregua.case import bundled_cases

    out = [
        "# Sources",
        "",
        "Where figures and claims were read. Bylines are left out, and addresses that would identify a person. A "
        "figure's source key stands in its row; `tregua ledger show CLAIM` names that of a claim.",
    ]
    for case in bundled_cases():
        rows = [
            [_code(r["key"]), _cited(r["citation"], r["address"]), r["taken"], r["reliability"]]
            for r in _rows(CASES / case / "sources.csv")
        ]
        out += ["", f"## {_title(case)}: figures", "", _table(["key", "source", "what was taken", "kind"], rows)]
        ledger = _ledger(case)
        if ledger is not None and ledger.sources:
            known = [
                [_code(s.key), _cited(f"{s.publisher}, {s.title}", s.address), s.date, s.kind, s.licence]
                for s in ledger.sources.values()
            ]
            out += ["", f"## {_title(case)}: claims", "", _table(["key", "source", "date", "kind", "licence"], known)]
    return "\n".join(out)


def _cited(text: str, address: str) -> str:
    safe = text.replace("[", "\\[").replace("]", "\\]")
    if not address.startswith("http"):
        return f"{safe} {address}".strip()
    return f"[{safe}](<{address.split(' ')[0]}>)"


def claims() -> str:
    """Every claim in its box: who says it, its status, what it says, who answers, what is known of the outcome."""
    from tregua.case import bundled_cases
    from tregua.ledger import render_claim

    out = [
        "# Claims",
        "",
        "Attributed statements, not findings. Each box begins with its status; a reply and the outcome stand inside "
        "it. Roles are named, never persons. The same on the command line, with what each bears on: "
        "`tregua ledger show C34` ([Ask the ledger](../tutorial/ask-the-ledger.md)).",
    ]
    for case in bundled_cases():
        ledger = _ledger(case)
        if ledger is None or not ledger.claims:
            continue
        out += ["", f"## {_title(case)}"]
        plain = case == "el_salvador_2012"
        for id in ledger.claims:
            out += ["", *_box(render_claim(ledger, id), id if plain else f"{case}-{id}")]
    return "\n".join(out)


def _box(view: Any, anchor: str) -> list[str]:
    status = " · ".join(view.chips)
    facts = ", ".join(
        text
        for text in (
            f"by {view.asserter}",
            f"about {view.subject}",
            f"said: {view.asserted}",
            f"source {view.source_key} {view.place}".strip(),
        )
        if text
    )
    lines = [
        f'<div class="claim-box" markdown="1"><a id="{anchor}"></a>',
        "",
        f'<span class="status"><strong>{view.id} {status.upper()}</strong> {facts}</span>',
        "",
        _plain(view.sentence),
    ]
    beside = [
        ("Reply", view.replies),
        ("Contradicted by", view.contradicted_by),
        ("Qualified by", view.qualified_by),
        ("Later", (*view.followed_by, *view.outcomes)),
    ]
    seen: set[str] = set()
    for word, others in beside:
        for other in others:
            if other.id not in seen:
                seen.add(other.id)
                lines += ["", _plain(f"{word}: {other.id} ({', '.join(other.chips)}). {other.full}")]
    notes = [f"{note.rstrip('.')}." for note in (view.reply_note, view.outcome_note) if note]
    if notes:
        lines += ["", _plain(" ".join(notes))]
    bears: dict[str, list[str]] = {}
    for item in view.bears_on:
        bears.setdefault(item.word, []).append(item.id)
    if bears:
        told = "; ".join(f"{word} {', '.join(dict.fromkeys(ids))}" for word, ids in bears.items())
        lines += ["", _plain(f"Bears on: {told}.")]
    return [*lines, "", "</div>"]


def _plain(text: str) -> str:
    return re.sub(r"([*_<>\[\]`])", r"\\\1", text)


def spanish() -> str:
    """Levers, outcomes, readings and parameters in Spanish."""
    from tregua.case import bundled_cases, load_case
    from tregua.model.declare import MECHANISMS
    from tregua.model.levers import LEVERS
    from tregua.model.odd_text import KINDS
    from tregua.model.outcomes import OUTCOMES

    out = [
        "# Tablas de referencia",
        "",
        "Tomadas de las declaraciones del modelo y de los casos. Los nombres en `letra fija` son los que se escriben "
        "en la línea de comandos y en los planes; son los mismos en los dos idiomas.",
        "",
        "## Palancas",
        "",
        "La política entra solo por aquí. Las fechas tienen fuente; los tamaños son juicios.",
        "",
        _table(
            ["palanca", "unidad", "rango", "significado"],
            [[_code(v.id), v.unit, f"{v.lower:g} a {v.upper:g}", v.meaning_es] for v in LEVERS],
        ),
        "",
        "## Resultados",
        "",
        "Los marcados como *derechos* acompañan a los homicidios dondequiera que se comparan respuestas.",
        "",
        _table(
            ["resultado", "unidad", "clase", "peor si", "derechos", "significado"],
            [
                [_code(o.id), o.unit, KINDS[o.kind][1], KINDS[o.harm][1], "sí" if o.rights else "", o.meaning_es]
                for o in OUTCOMES.values()
            ],
        ),
        "",
        "## Lecturas y respuestas",
    ]
    for name in bundled_cases():
        case = load_case(name)
        out += [
            "",
            f"### {case.title_es}",
            "",
            _table(["lectura", "qué dice"], [[_code(id), r.meaning_es] for id, r in case.readings.items()]),
        ]
        arms = {a.id: a for d in case.decisions.values() for a in d.arms.values()}
        out += [
            "",
            _table(["respuesta", "nombre", "qué es"], [[_code(a.id), a.label_es, a.meaning_es] for a in arms.values()]),
        ]
    out += ["", "## Parámetros"]
    for mechanism in MECHANISMS:
        if mechanism.parameters:
            out += [
                "",
                f"### {mechanism.id}",
                "",
                f"{mechanism.meaning_es.capitalize()}.",
                "",
                _parameters(mechanism.parameters, "es"),
            ]
    return "\n".join(out)


# --- reading ----------------------------------------------------------------------------------------------------------


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _title(case: str) -> str:
    from tregua.case import load_case

    return load_case(case).title_en


def _ledger(case: str) -> Any:
    from tregua.ledger import load_ledger

    folder = CASES / case / "ledger"
    return load_ledger(folder) if folder.is_dir() else None


if __name__ == "__main__":
    for name, text in pages().items():
        path = DOCS / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote docs/{name}")
