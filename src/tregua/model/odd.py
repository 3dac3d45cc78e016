"""The ODD protocol of the model, written from its declarations, its schedule and the equations as they run.

ODD (Overview, Design concepts, Details) is the standard description of simulation models of this kind: Grimm and others
(2020), Journal of Artificial Societies and Social Simulation 23(2) 7. Parameters, levers, outcomes, state variables and
mechanisms come from their declarations, the schedule from the kernel, the equations from the source of the functions.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Sequence
from types import FunctionType, ModuleType

from tregua.errors import UsageError
from tregua.model import draws, kernel, relaxation, setup
from tregua.model.compiled import Replacement, model_digest
from tregua.model.declare import MECHANISMS, PARAMETERS, Mechanism
from tregua.model.levers import LEVERS
from tregua.model.odd_text import CONCEPTS, HEADS, KINDS, LANGUAGES, SCHEDULE, TEXT
from tregua.model.outcomes import OUTCOMES
from tregua.model.parameter import Parameter
from tregua.model.variable import LEVELS, STATE


def odd(lang: str = "en", replacements: tuple[Replacement, ...] = ()) -> str:
    """The whole protocol in Markdown.

    Parameters
    ----------
    lang : str
        ``en`` or ``es``; the descriptions of functions are in English in both.
    replacements : tuple of Replacement
        Mechanisms of one's own: they stand in their slots with their source and their parameters, and say so.

    Returns
    -------
    str
        The same text for the same sources, on every machine.

    Raises
    ------
    UsageError
        A language that does not exist.
    """
    if lang not in LANGUAGES:
        raise UsageError(
            "no such language", key="--lang", found=lang, allowed=", ".join(LANGUAGES), mend="choose one of them"
        )
    at = LANGUAGES.index(lang)
    lines = [*_overview(at, replacements), *_concepts(at), *_initialisation(at), *_levers(at)]
    lines += [*_submodels(at, replacements), *_outcomes(at), *_limits(at, replacements)]
    return "\n".join(lines).rstrip() + "\n"


def functions_called() -> tuple[str, ...]:
    """``mechanism.function`` in the order in which a step first calls each."""
    tree = ast.parse(inspect.getsource(kernel))
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    names = {mechanism.id for mechanism in MECHANISMS}
    seen: dict[str, None] = {}
    entered: set[str] = set()

    def visit(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            visit(child)
        if not isinstance(node, ast.Call):
            return
        called = node.func
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id in names:
            seen.setdefault(f"{called.value.id}.{called.attr}")
        elif isinstance(called, ast.Name) and called.id in defined and called.id not in entered:
            entered.add(called.id)
            visit(defined[called.id])

    visit(defined["step"])
    return tuple(seen)


def functions_of(module: ModuleType) -> Iterator[FunctionType]:
    """Functions that a module defines, in the order of its source, without private ones."""
    for name, value in vars(module).items():
        if isinstance(value, FunctionType) and value.__module__ == module.__name__ and not name.startswith("_"):
            yield value


def constants_of(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Numbers written in capitals at the head of a module, with their source text."""
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name.isupper() and isinstance(getattr(module, name), float | int):
                yield name, ast.unparse(node.value)


def _table(kind: str, rows: Sequence[Sequence[str]], at: int) -> list[str]:
    heads = [pair[at] for pair in HEADS[kind]]
    body = [[cell.replace("|", "\\|").replace("\n", " ") or "-" for cell in row] for row in rows]
    return ["| " + " | ".join(row) + " |" for row in [heads, ["---"] * len(heads), *body]] + [""]


def _meaning(item: object, at: int) -> str:
    return str(getattr(item, f"meaning_{LANGUAGES[at]}"))


def _overview(at: int, replacements: tuple[Replacement, ...]) -> list[str]:
    made = TEXT["made"][at].format(digest=model_digest(replacements)[:16])
    lines = [f"# {TEXT['title'][at]}", "", made, TEXT["docstrings"][at]]
    if replacements:
        slots = ", ".join(f"`{item.slot}`" for item in replacements)
        lines += ["", TEXT["replaced"][at].format(slots=slots)]
    lines += ["", f"## {TEXT['purpose'][at]}", "", TEXT["purpose.text"][at], ""]
    lines += [f"## {TEXT['entities'][at]}", "", TEXT["entities.text"][at], ""]
    for record, level in LEVELS.items():
        rows = [
            [v.symbol, f"`{v.name}`", v.unit, _meaning(v, at), (v.start_en, v.start_es)[at]]
            for v in STATE
            if v.record == record
        ]
        lines += [f"### {level[at]}", "", *_table("state", rows, at)]
    lines += [f"## {TEXT['schedule'][at]}", "", TEXT["schedule.text"][at], ""]
    lines += [f"{number}. {(english, spanish)[at]}" for number, english, spanish in SCHEDULE]
    lines += ["", TEXT["schedule.calls"][at], ""]
    lines += [", ".join(f"`{name}`" for name in functions_called()), ""]
    return lines


def _concepts(at: int) -> list[str]:
    lines = [f"## {TEXT['concepts'][at]}", ""]
    for name, text in CONCEPTS:
        lines += [f"**{name[at]}.** {text[at]}", ""]
    return lines


def _initialisation(at: int) -> list[str]:
    lines = [f"## {TEXT['start'][at]}", "", TEXT["start.text"][at], ""]
    for function in (setup.place, setup.gang_shares, kernel.begin, kernel.remember_start):
        lines += [f"* `{function.__name__}`: {_first_line(function)}"]
    return [*lines, ""]


def _levers(at: int) -> list[str]:
    rows = [[f"`{v.id}`", v.unit, f"{v.lower:g} .. {v.upper:g}", _meaning(v, at), ", ".join(v.claims)] for v in LEVERS]
    return [f"## {TEXT['input'][at]}", "", TEXT["input.text"][at], "", *_table("levers", rows, at)]


def _parameter(parameter: Parameter, at: int) -> list[str]:
    return [
        f"`{parameter.name}`",
        parameter.symbol,
        parameter.unit,
        f"{parameter.default:g}",
        parameter.prior,
        f"{parameter.lower:g} .. {parameter.upper:g}",
        f"{KINDS[parameter.role][at]}, {KINDS[parameter.tier][at]}",
        KINDS[parameter.identifiable][at],
        ", ".join(parameter.claims),
        parameter.evidence,
        _meaning(parameter, at),
    ]


def _submodels(at: int, replacements: tuple[Replacement, ...]) -> list[str]:
    lines = [f"## {TEXT['submodels'][at]}", "", TEXT["submodels.text"][at], ""]
    for number, mechanism in enumerate(MECHANISMS, 1):
        lines += _mechanism(number, mechanism, at, [r for r in replacements if r.slot.startswith(f"{mechanism.id}.")])
    lines += [f"### 7.{len(MECHANISMS) + 1} {TEXT['shared'][at]}", ""]
    for module in (relaxation, draws):
        lines += [_module_text(module), ""]
        lines += [f"* `{function.__name__}`: {_first_line(function)}" for function in functions_of(module)] + [""]
    return lines


def _mechanism(number: int, mechanism: Mechanism, at: int, own: Sequence[Replacement]) -> list[str]:
    lines = [f"### 7.{number} `{mechanism.id}`: {_meaning(mechanism, at)}", "", _module_text(mechanism.module), ""]
    lines += [
        f"{TEXT['sections'][at]}: {mechanism.sections} ({KINDS[mechanism.level][at]}). "
        f"{TEXT['reads'][at]}: {mechanism.reads}. {TEXT['writes'][at]}: {mechanism.writes}.",
        "",
    ]
    parameters = [*mechanism.parameters, *(parameter for item in own for parameter in item.parameters)]
    if parameters:
        lines += _table("parameters", [_parameter(parameter, at) for parameter in parameters], at)
    else:
        lines += [TEXT["no.parameters"][at], ""]
    constants = [f"`{name}` = {text}" for name, text in constants_of(mechanism.module)]
    if constants:
        lines += [f"{TEXT['constants'][at]}: {', '.join(constants)}.", ""]
    taken = {item.slot: item.function for item in own}
    for function in functions_of(mechanism.module):
        slot = f"{mechanism.id}.{function.__name__}"
        shown: FunctionType = taken.get(slot, function)  # type: ignore[assignment]
        lines += [f"#### `{slot}`", ""]
        if slot in taken:
            lines += [f"**{TEXT['own'][at].format(name=shown.__name__)}**", ""]
        lines += [_whole_text(shown), "", "```python", *_source(shown), "```", ""]
    return lines


def _outcomes(at: int) -> list[str]:
    rows = [
        [
            f"`{o.id}`{' *' if o.rights else ''}",
            o.unit,
            KINDS[o.kind][at],
            KINDS[o.harm][at],
            _meaning(o, at),
        ]
        for o in OUTCOMES.values()
    ]
    return [f"## {TEXT['outcomes'][at]}", "", TEXT["outcomes.text"][at], "", *_table("outcomes", rows, at)]


def _limits(at: int, replacements: tuple[Replacement, ...]) -> list[str]:
    every = [*PARAMETERS.values(), *(parameter for item in replacements for parameter in item.parameters)]
    counts = {role: sum(parameter.role == role for parameter in every) for role in ("fitted", "varied", "fixed")}
    text = TEXT["limits.text"][at].format(
        n=len(every),
        yes=sum(parameter.identifiable == "yes" for parameter in every),
        assumed=sum(parameter.is_assumption for parameter in every),
        **counts,
    )
    return [f"## {TEXT['limits'][at]}", "", text, ""]


def _module_text(module: ModuleType) -> str:
    return inspect.cleandoc(module.__doc__ or "")


def _whole_text(function: FunctionType) -> str:
    return inspect.cleandoc(function.__doc__ or "")


def _first_line(function: object) -> str:
    return inspect.cleandoc(getattr(function, "__doc__", None) or "").split("\n\n")[0].replace("\n", " ")


def _source(function: FunctionType) -> list[str]:
    """Source of a function without its description, which stands above it."""
    try:
        lines = textwrap.dedent(inspect.getsource(function)).rstrip().splitlines()
        node = ast.parse("\n".join(lines)).body[0]
    except (OSError, SyntaxError):
        return [f"# {function.__name__}: typed in a session that keeps no source"]
    if not isinstance(node, ast.FunctionDef):
        return lines
    first = node.body[0]
    if ast.get_docstring(node) is not None and first.end_lineno is not None:
        del lines[first.lineno - 1 : first.end_lineno]
    return lines
