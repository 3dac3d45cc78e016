"""Every text of an error as the source writes it, found by following texts to the errors that carry them.

A text reaches an error as an argument of the error itself, or through a local name, a constant, a function that makes
texts, or a function that passes its parameter on. What no source holds (the words of the system, of a parser, of a
person) is left out.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from source_tree import modules, tree

SLOT = "{}"
TEXTS = ("message", "found", "allowed", "mend")
PART = "part"
# Positions of the texts in errors and in what collects them; every other function is found by following.
ERROR = {0: "message"}
POSITIONS = {
    "Problem": {1: "message", 5: "found", 6: "allowed", 7: "mend"},
    "FigureError": {1: "message", 3: "found", 4: "allowed", 5: "mend"},
    "add": {1: "message", 3: "found", 4: "allowed", 5: "mend"},
}
ERRORS = {"TreguaError", "kind"}  # and what is built on them; `kind` is a class given as an argument
# Modules whose plain ValueError becomes the words of a problem, or a part of them.
TOLD = ("case/schema.py", "case/overlay.py", "case/figures.py", "case/posterior.py", "ledger/schema.py")
TOLD_IN_PART = ("runs/store.py",)
DEEPEST = 8
_NAMED_SLOT = re.compile(r"{\w+(:[^{}]*)?}")  # as `str.format` fills it
EACH = "each"  # instead of a place in a tuple: whichever item of a collection a loop is at


@dataclass(frozen=True, order=True)
class Text:
    """One template, ``{}`` standing for each value.

    Attributes
    ----------
    template : str
    where : str
        ``message``, ``found``, ``allowed`` or ``mend``; ``part`` for what stands inside another text.
    place : str
        Module and line.
    """

    template: str
    where: str
    place: str


@dataclass
class Scope:
    """A function, or the top of a module.

    Attributes
    ----------
    outer : Scope or None
        In which it stands.
    parameters : list of str
        In the order of a call.
    defaults : dict
        Of parameters.
    reach : dict
        Parameter -> the texts of an error that it becomes.
    """

    module: Path
    name: str
    outer: Scope | None
    parameters: list[str]
    defaults: dict[str, ast.expr]
    calls: list[ast.Call] = field(default_factory=list)
    returns: list[ast.expr] = field(default_factory=list)
    values: dict[str, list[ast.expr]] = field(default_factory=lambda: defaultdict(list))
    reach: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


class _Reader(ast.NodeVisitor):
    """Scopes of a module, each with its calls, its values and what it returns."""

    def __init__(self, module: Path, top: ast.Module) -> None:
        self.module = module
        self.scopes: list[Scope] = []
        self.classes: list[ast.ClassDef] = []
        self.imported: set[str] = set()
        self.here = self.top = self._open("", None, [], {})
        self._in_class = False
        self.visit(top)

    def _open(self, name: str, outer: Scope | None, given: list[str], defaults: dict[str, ast.expr]) -> Scope:
        self.scopes.append(Scope(self.module, name, outer, given, defaults))
        return self.scopes[-1]

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.classes.append(node)
        before, self._in_class = self._in_class, True
        self.generic_visit(node)
        self._in_class = before

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        given = node.args
        names = [a.arg for a in (*given.posonlyargs, *given.args)]
        defaults = dict(zip(names[len(names) - len(given.defaults) :], given.defaults, strict=True))
        defaults |= {a.arg: d for a, d in zip(given.kwonlyargs, given.kw_defaults, strict=True) if d is not None}
        if self._in_class and names and names[0] in ("self", "cls"):
            names = names[1:]
        before, inside = self.here, self._in_class
        self.here = self._open(node.name, before, names + [a.arg for a in given.kwonlyargs], defaults)
        self._in_class = False
        for statement in node.body:
            self.visit(statement)
        self.here, self._in_class = before, inside

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.imported |= {alias.asname or alias.name for alias in node.names}

    def visit_Call(self, node: ast.Call) -> None:
        self.here.calls.append(node)
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.here.returns.append(node.value)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._give(target, node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._give(node.target, node.value)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._give(node.target, node.value)
        self.generic_visit(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._give(node.target, node.value)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        self._give(node.target, _taken(node.iter, EACH))
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self._give(node.target, _taken(node.iter, EACH))
        self.generic_visit(node)

    def _give(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.here.values[target.id].append(value)
        elif isinstance(target, ast.Tuple):
            for position, part in enumerate(target.elts):
                self._give(part, _taken(value, position))


class _Follower:
    """Follows texts through the package until nothing new reaches an error."""

    def __init__(self) -> None:
        readers = {module: _Reader(module, tree(module)) for module in modules()}
        self.tops = {module: reader.top for module, reader in readers.items()}
        self.imported = {module: reader.imported for module, reader in readers.items()}
        self.scopes = [scope for reader in readers.values() for scope in reader.scopes]
        self.by_name: dict[str, list[Scope]] = defaultdict(list)
        for scope in self.scopes:
            self.by_name[scope.name].append(scope)
        self.errors = set(ERRORS)
        for reader in readers.values():
            self.errors |= {c.name for c in reader.classes if self.errors & {ast.unparse(b) for b in c.bases}}
        for reader in readers.values():  # once more, for what is built on those
            self.errors |= {c.name for c in reader.classes if self.errors & {ast.unparse(b) for b in c.bases}}
        self.texts: set[Text] = set()
        self._seen: dict[tuple[int, str], ast.expr] = {}  # what was met is kept: an id must not be given twice

    def follow(self) -> set[Text]:
        size = -1
        while size != (size := len(self.texts) + sum(len(r) for s in self.scopes for r in s.reach.values())):
            self._seen.clear()
            for scope in self.scopes:
                for call in scope.calls:
                    for where, expression in self._carried(scope, call):
                        self._text(scope, expression, where)
        return self.texts

    def _called(self, scope: Scope, call: ast.Call) -> list[Scope]:
        """Functions of the package that a call may mean."""
        if isinstance(call.func, ast.Name):
            found = self.by_name.get(call.func.id, [])
            inside: Scope | None = scope
            while inside is not None:
                if near := [f for f in found if f.outer is inside]:
                    return near
                inside = inside.outer
            if call.func.id in scope.parameters:  # given by a caller in the same module
                return [f for f in found if f.module == scope.module]
            return found if call.func.id in self.imported[scope.module] else []
        if isinstance(call.func, ast.Attribute):
            found = self.by_name.get(call.func.attr, [])
            near = [f for f in found if f.module == scope.module]
            return near or (found if len(found) == 1 else [])
        return []

    def _carried(self, scope: Scope, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
        """What a call gives to an error: which text, and the expression."""
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if name in self.errors or (name in POSITIONS and (name != "add" or _collects(call))):
            yield from _given(call, POSITIONS.get(name, ERROR), {t: {t} for t in TEXTS})
        elif name == "ValueError" and scope.module.as_posix() in (*TOLD, *TOLD_IN_PART):
            yield from _given(call, {0: "message" if scope.module.as_posix() in TOLD else PART}, {})
        else:
            for called in self._called(scope, call):
                for parameter, texts in list(called.reach.items()):
                    if parameter in called.parameters:
                        position = called.parameters.index(parameter)
                        for where in tuple(texts):
                            yield from _given(call, {position: where}, {parameter: {where}})

    def _text(self, scope: Scope, expression: ast.expr, where: str, depth: int = 0) -> None:
        """Keep the templates that an expression may give."""
        if depth > DEEPEST or (id(expression), where) in self._seen:
            return
        self._seen[id(expression), where] = expression
        for inner, inner_where in self._inside(scope, expression, where):
            self._text(scope, inner, inner_where, depth + 1)

    def _inside(self, scope: Scope, expression: ast.expr, where: str) -> Iterator[tuple[ast.expr, str]]:
        match expression:
            case ast.Constant(value=str() as text):
                self._keep(scope, expression, _NAMED_SLOT.sub(SLOT, text), where)
            case ast.JoinedStr(values=pieces):
                self._keep(scope, expression, _words(expression), where)
                yield from (
                    (p.value, PART) for p in pieces if isinstance(p, ast.FormattedValue) and p.format_spec is None
                )
            case ast.BinOp(op=ast.Add()):
                pieces = _added(expression)
                self._keep(scope, expression, "".join(_words(piece) for piece in pieces), where)
                yield from ((piece, PART) for piece in pieces if not isinstance(piece, ast.Constant | ast.JoinedStr))
            case ast.IfExp(body=yes, orelse=no):
                yield from ((yes, where), (no, where))
            case ast.BoolOp(values=values) | ast.List(elts=values) | ast.Tuple(elts=values) | ast.Dict(values=values):
                yield from ((value, where) for value in values)
            case ast.Subscript(value=value, slice=ast.Constant(value=position)):
                for there, item in self._items(scope, value, position):
                    self._text(there, item, where, 2)
            case ast.NamedExpr(value=value) | ast.Subscript(value=value) | ast.Starred(value=value):
                yield value, where
            case ast.GeneratorExp(elt=value) | ast.ListComp(elt=value):
                yield value, where
            case ast.Name(id=name):
                yield from ((value, where) for value in self._named(scope, name, where))
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="join"), args=[value]):
                yield value, PART
            case ast.Call(func=ast.Name(id="str"), args=[value]):
                yield value, where
            case ast.Call(func=ast.Attribute(value=value, attr="format" | "rstrip" | "strip" | "items")):
                yield value, where
            case ast.Call(func=ast.Attribute(value=value, attr="get"), args=[_, *otherwise]):
                yield from ((one, where) for one in (value, *otherwise))
            case ast.Call():
                for called in self._makers(scope, expression):
                    for value in called.returns:
                        self._text(called, value, where, 2)

    def _makers(self, scope: Scope, call: ast.Call) -> list[Scope]:
        """Functions of the package that may make a text; one that is told the language has both already."""
        return [called for called in self._called(scope, call) if not {"lang", "language"} & set(called.parameters)]

    def _items(
        self, scope: Scope, value: ast.expr, position: object, depth: int = 0
    ) -> Iterator[tuple[Scope, ast.expr]]:
        """What stands at a place of a tuple or a table, or in any place of it."""
        if depth > DEEPEST:
            return
        match value:
            case ast.Tuple(elts=items) | ast.List(elts=items) if isinstance(position, int):
                yield from ((scope, item) for item in items[position : position + 1 or None])
            case ast.Tuple(elts=items) | ast.List(elts=items):
                yield from ((scope, item) for item in items)
            case ast.Dict(keys=keys, values=values):
                yield from (
                    (scope, item)
                    for key, item in zip(keys, values, strict=True)
                    if position == EACH or (isinstance(key, ast.Constant) and key.value == position)
                )
            case ast.Call(func=ast.Attribute(value=table, attr="items")) if position == EACH:
                for there, item in self._items(scope, table, EACH, depth + 1):
                    yield there, ast.Tuple([ast.Constant(None), item], ast.Load())
            case ast.Call(func=ast.Attribute(value=table, attr="values")):
                yield from self._items(scope, table, position, depth + 1)
            case ast.Subscript(value=outer, slice=ast.Constant(value=place)):
                for there, item in self._items(scope, outer, place, depth + 1):
                    yield from self._items(there, item, position, depth + 1)
            case ast.IfExp(body=yes, orelse=no):
                for one in (yes, no):
                    yield from self._items(scope, one, position, depth + 1)
            case ast.Name(id=name):
                for one in self._values(scope, name):
                    yield from self._items(scope, one, position, depth + 1)
            case ast.Call():
                for called in self._makers(scope, value):
                    for one in called.returns:
                        yield from self._items(called, one, position, depth + 1)

    def _values(self, scope: Scope, name: str) -> list[ast.expr]:
        """Values of a name here, at the top of its module, or where it is imported from."""
        found = scope.values.get(name, [])
        if found or name in scope.parameters:
            return found
        found = self.tops[scope.module].values.get(name, [])
        if not found and name in self.imported[scope.module]:
            found = [value for top in self.tops.values() for value in top.values.get(name, [])]
        return found

    def _named(self, scope: Scope, name: str, where: str) -> list[ast.expr]:
        """What a name may hold; a parameter is noted as reaching an error, so that its callers are followed."""
        found = list(self._values(scope, name))
        if name in scope.parameters:
            scope.reach[name].add(where)
            found += [scope.defaults[name]] if name in scope.defaults else []
        return found

    def _keep(self, scope: Scope, node: ast.expr, template: str, where: str) -> None:
        self.texts.add(Text(template, where, f"{scope.module.as_posix()}:{node.lineno}"))


def _collects(call: ast.Call) -> bool:
    """True for ``found.add(code, message, ...)``; a set or a list of problems takes one thing."""
    return isinstance(call.func, ast.Attribute) and len(call.args) + len(call.keywords) > 1


def _taken(value: ast.expr, place: int | str) -> ast.expr:
    """An item of a value."""
    return ast.copy_location(ast.Subscript(value, ast.Constant(place), ast.Load()), value)


def _added(expression: ast.expr) -> list[ast.expr]:
    """The pieces of a sum of texts."""
    if isinstance(expression, ast.BinOp) and isinstance(expression.op, ast.Add):
        return [*_added(expression.left), *_added(expression.right)]
    return [expression]


def _words(piece: ast.expr) -> str:
    """The literal words of a piece, with a slot for all else."""
    if isinstance(piece, ast.JoinedStr):
        return "".join(_words(value) for value in piece.values)
    return piece.value if isinstance(piece, ast.Constant) and isinstance(piece.value, str) else SLOT


def _given(call: ast.Call, positions: dict[int, str], keywords: dict[str, set[str]]) -> Iterator[tuple[str, ast.expr]]:
    for position, where in positions.items():
        if position < len(call.args):
            yield where, call.args[position]
    for word in call.keywords:
        yield from ((where, word.value) for where in keywords.get(word.arg or "", ()))


def is_prose(template: str) -> bool:
    """True where a word stands among others: an id, a file name or a number is the same in every language."""
    return " " in template.strip() and re.search(r"(?<![\w.\-])[a-z]{2,}(?![\w=])", template) is not None


@cache
def error_texts() -> frozenset[Text]:
    """Every template that reaches an error; ids and single words among them."""
    return frozenset(_Follower().follow())


if __name__ == "__main__":
    for text in sorted(error_texts(), key=lambda text: (text.place, text.template)):
        if is_prose(text.template):
            print(f"{text.place}: {text.where}: {text.template!r}")
