"""Turn what pydantic refuses into problems that name file, line, key, what was found and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tregua.case.document import KeyPath, write_path
from tregua.case.table import closest
from tregua.errors import Problem

_WRONG_TYPE: Mapping[str, tuple[str, str]] = {
    "int_": ("not a whole number", "a whole number such as 12"),
    "float_": ("not a number", "a number such as 0.35"),
    "bool_": ("neither true nor false", "true or false"),
    "string_": ("not a text", 'a text in "quotes"'),
    "list_": ("not a list", "a list such as [1, 2, 5]"),
    "dict_": ("not a table", "a table of keys and values"),
    "model_": ("not a table", "a table of keys and values"),
    "date_": ("not a date", "a date such as 2012-03-08"),
}
_BOUNDS: Mapping[str, str] = {
    "greater_than": "above {gt:g}",
    "greater_than_equal": "{ge:g} or more",
    "less_than": "below {lt:g}",
    "less_than_equal": "{le:g} or less",
}


def complaints(
    error: ValidationError,
    model: type[BaseModel],
    file: str,
    line_of: Callable[[KeyPath], int | None],
    *,
    secret: Callable[[KeyPath], bool] = lambda _: False,
) -> list[Problem]:
    """Problems for everything that a model refused.

    Parameters
    ----------
    line_of : callable
        Line of a key path in the file.
    secret : callable
        True for keys whose content is never repeated (roles and asserters).
    """
    return [_complaint(detail, model, file, line_of, secret) for detail in error.errors(include_url=False)]


def _complaint(
    detail: ErrorDetails,
    model: type[BaseModel],
    file: str,
    line_of: Callable[[KeyPath], int | None],
    secret: Callable[[KeyPath], bool],
) -> Problem:
    path: KeyPath = tuple(detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    line, key = line_of(path), write_path(path)[:200]
    found = "(not repeated here)" if secret(path) else _show(detail["input"])
    if kind == "missing":
        return Problem("E14", "a value is missing", file, line, key, mend=f"give {key}")
    if kind == "extra_forbidden":
        known = _keys_at(model, path[:-1])
        return Problem(
            "E15", "no such key", file, line, key, str(path[-1])[:80], ", ".join(known), closest(str(path[-1]), known)
        )
    if kind == "finite_number":
        return Problem(
            "E16",
            "not a finite number",
            file,
            line,
            key,
            found,
            "a finite number",
            "leave it out where it is not known",
        )
    if kind in _BOUNDS:
        return Problem(
            "E17",
            "a number lies outside its bounds",
            file,
            line,
            key,
            found,
            _BOUNDS[kind].format(**context),
            "choose a value inside the bounds",
        )
    if kind == "string_too_long":
        return Problem(
            "E08",
            "a text is too long",
            file,
            line,
            key,
            f"{len(str(detail['input']))} characters",
            f"at most {context['max_length']} characters",
            "shorten it",
        )
    if kind in ("string_too_short", "too_short"):
        return Problem("E14", "a value is empty", file, line, key, mend=f"give {key}")
    if kind == "literal_error":
        return Problem(
            "E16",
            "not one of the words allowed",
            file,
            line,
            key,
            found,
            str(context["expected"]),
            "use one of the words listed",
        )
    if kind == "string_pattern_mismatch":
        return Problem(
            "E16",
            "not an identifier",
            file,
            line,
            key,
            found,
            "letters, digits, _ . and -; role ids in small letters",
            "write an id such as area_1",
        )
    if kind == "value_error":
        return Problem("E16", str(context["error"]), file, line, key, found, mend="correct it")
    for prefix, (message, allowed) in _WRONG_TYPE.items():
        if kind.startswith(prefix):
            return Problem("E16", message, file, line, key, found, allowed, "write it as shown")
    return Problem("E16", detail["msg"], file, line, key, found, mend="correct it")


def _show(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _keys_at(model: type[BaseModel], path: KeyPath) -> list[str]:
    """Keys of the table that a key path leads to."""
    current: type[BaseModel] = model
    for part in path:
        if isinstance(part, int):
            continue
        info = current.model_fields.get(part)
        inner = _model_inside(info.annotation) if info else None
        if inner is None:
            return []
        current = inner
    return [info.alias or name for name, info in current.model_fields.items()]


def _model_inside(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_inside(argument)
        if found is not None:
            return found
    return None
