"""Bind the kernel: to Numba, or to plain Python; stochastic, or mean-field; with mechanisms replaced by name.

The equations are written once. Binding makes private copies of the modules in which every function sees the copies of
the others, so that a replaced or compiled function is used wherever the original was.

Compiled code is kept in a folder named by a hash of all sources that enter it: a cached caller is not recompiled when
a callee in another file changes, and a simulator that ignores an edited equation would be wrong without a sign.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import os
import sys
import tempfile
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from tregua.errors import ModelError
from tregua.model import draws, kernel, outcomes, parameter, relaxation
from tregua.model.declare import MECHANISMS
from tregua.model.parameter import Parameter

MEAN_DRAWS = ("normal", "poisson", "exits", "split", "rounded")
COMPILED_DRAWS = ("mix", "join", "uniform", "count_key")
MEAN_KERNEL = ("stand", "start_roles", "roles_step")
MEAN_MECHANISMS = ("mood_factor",)
INLINED = ("mix", "join", "uniform", "step", "area", "brokers", "write", "roles_step", "stand", "attack_from")
FORMAT = "kernel 1"
AROUND_THE_KERNEL = ("world", "setup", "state", "levers", "policies", "readings", "simulate")


@dataclass(frozen=True)
class Replacement:
    """A user's function in the place of a mechanism's.

    Attributes
    ----------
    slot : str
        ``mechanism.function``, for example ``compliance.compliance``.
    function : callable
        Plain scalar function with the arguments of the one it replaces; `math` and arithmetic only.
    parameters : tuple of Parameter
        New parameters that it reads from its first argument.
    """

    slot: str
    function: Callable[..., Any]
    parameters: tuple[Parameter, ...] = ()

    def __post_init__(self) -> None:
        mechanism, _, name = self.slot.partition(".")
        modules = {m.id: m.module for m in MECHANISMS}
        slots = [f"{m.id}.{f}" for m in MECHANISMS for f in sorted(_functions(m.module))]
        if self.slot not in slots:
            raise ModelError(
                "no such slot",
                key="slot",
                found=self.slot,
                allowed=", ".join(slots),
                mend="name the mechanism and the function, as in compliance.compliance",
            )
        old = inspect.signature(getattr(modules[mechanism], name)).parameters
        new = inspect.signature(self.function).parameters
        if len(old) != len(new):
            raise ModelError(
                f"the function for {self.slot} takes other arguments",
                key="function",
                found=", ".join(new),
                allowed=", ".join(old),
                mend="take the same arguments in this order",
            )


@dataclass(frozen=True)
class Engine:
    """A kernel bound for use.

    Attributes
    ----------
    begin, advance : callable
        See `tregua.model.kernel`.
    compiled, mean_field : bool
    digest : str
        Hash of every source that enters (64 hex digits).
    parameters : mapping
        All parameters, those of replacements included.
    """

    begin: Callable[..., None]
    advance: Callable[..., None]
    compiled: bool
    mean_field: bool
    digest: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


def _functions(module: types.ModuleType) -> dict[str, types.FunctionType]:
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, types.FunctionType) and value.__module__ == module.__name__
    }


def _source(function: Callable[..., Any]) -> str:
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        code = function.__code__
        return repr((code.co_code, code.co_consts, code.co_names))


def kernel_digest(replacements: tuple[Replacement, ...] = ()) -> str:
    """Hash of the equations, the draws, the chain and the declarations: what is compiled."""
    out = hashlib.sha256(FORMAT.encode())
    modules = [*(m.module for m in MECHANISMS), relaxation, draws, kernel, outcomes, parameter]
    for module in modules:
        out.update(module.__name__.encode())
        out.update(inspect.getsource(module).encode())
    for item in replacements:
        out.update(repr((item.slot, item.parameters)).encode())
        out.update(_source(item.function).encode())
    return out.hexdigest()


def model_digest(replacements: tuple[Replacement, ...] = ()) -> str:
    """Hash of all that makes a result out of a case and a seed: the kernel, the split, the levers, the steps."""
    out = hashlib.sha256(kernel_digest(replacements).encode())
    for name in AROUND_THE_KERNEL:
        out.update(name.encode())
        out.update((Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8").encode())
    return out.hexdigest()


def cache_roots() -> list[Path]:
    """Where this user's caches may lie, the first choice first: $TREGUA_CACHE, then the user's cache."""
    named, home = os.environ.get("TREGUA_CACHE"), os.environ.get("XDG_CACHE_HOME")
    roots = [Path(named)] if named else []
    if home:
        roots.append(Path(home) / "tregua")
    else:
        with contextlib.suppress(RuntimeError):
            roots.append(Path.home() / ".cache" / "tregua")
    return roots


def cache_folder(digest: str) -> Path:
    """Folder of compiled code for these sources: $TREGUA_CACHE, the user's cache, or else a temporary one."""
    temporary = Path(tempfile.gettempdir()) / f"tregua-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    for root in (*cache_roots(), temporary):
        folder = root / f"kernel-{digest[:16]}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / f".probe-{os.getpid()}"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError:
            continue
        return folder
    return Path(tempfile.mkdtemp(prefix="tregua-"))


def _bind(
    replacements: tuple[Replacement, ...], mean_field: bool, jit: Callable[[Any, bool], Any] | None
) -> types.ModuleType:
    originals = [relaxation, draws, *(m.module for m in MECHANISMS), kernel]
    clones: dict[str, types.ModuleType] = {}
    made: dict[Any, Any] = {}
    taken = {item.slot: item.function for item in replacements}
    for module in originals:
        clone = types.ModuleType(module.__name__)
        clone.__dict__.update({k: v for k, v in vars(module).items() if not k.startswith("__")})
        clones[module.__name__] = clone
        short = module.__name__.rsplit(".", 1)[-1]
        for name, function in _functions(module).items():
            source: Callable[..., Any] = function
            if module is draws and mean_field and name in MEAN_DRAWS:
                source = vars(module)[f"{name}_mean"]
            if module is kernel and mean_field and name in MEAN_KERNEL:
                source = vars(module)[f"{name}_mean"]
            if mean_field and name in MEAN_MECHANISMS:
                source = vars(module)[f"{name}_mean"]
            if module is draws and jit is not None and name in COMPILED_DRAWS:
                source = vars(module)[f"{name}_compiled"]
            source = taken.get(f"{short}.{name}", source)
            space = (
                clone.__dict__
                if source is function or source.__module__ == module.__name__
                else dict(source.__globals__)
            )
            bound: Any = types.FunctionType(source.__code__, space, name, source.__defaults__, source.__closure__)
            bound.__module__ = module.__name__
            if jit is not None:
                bound = jit(bound, module is kernel and name in ("advance", "begin"))
            made[function] = bound
    for clone in clones.values():
        for name, value in list(vars(clone).items()):
            if isinstance(value, types.FunctionType) and value in made:
                setattr(clone, name, made[value])
            elif isinstance(value, types.ModuleType) and value.__name__ in clones:
                setattr(clone, name, clones[value.__name__])
    return clones[kernel.__name__]


def _read_without_blas() -> None:
    """Read Numba's array functions without SciPy, which Numba asks for a BLAS at that moment.

    The kernel needs none and SciPy is a fifth of a cold start. Numba asks again where a product of matrices is
    compiled, so nothing is lost.
    """
    from numba.np import linalg

    if "numba.np.arraymath" in sys.modules or not hasattr(linalg, "ensure_blas"):
        return
    ask = linalg.ensure_blas
    linalg.ensure_blas = lambda: None
    try:
        import_module("numba.np.arraymath")
    finally:
        linalg.ensure_blas = ask


def declared(replacements: tuple[Replacement, ...] = ()) -> dict[str, Parameter]:
    """All parameters by name, those that replacements bring included.

    Raises
    ------
    ModelError
        A replacement brings a parameter whose name is taken.
    """
    from tregua.model.declare import PARAMETERS

    parameters = dict(PARAMETERS)
    for item in replacements:
        for extra in item.parameters:
            if extra.name in parameters:
                raise ModelError(
                    "a new parameter has the name of another",
                    key="parameters",
                    found=extra.name,
                    allowed="a name that is not taken",
                    mend="rename it",
                )
            parameters[extra.name] = extra
    return parameters


@lru_cache(maxsize=8)
def engine(replacements: tuple[Replacement, ...] = (), *, mean_field: bool = False, compiled: bool = True) -> Engine:
    """Bind the kernel.

    Parameters
    ----------
    replacements : tuple of Replacement
    mean_field : bool
        Replace every draw by its mean.
    compiled : bool
        False leaves it plain Python: slow, for tests and debuggers.
    """
    digest = model_digest(replacements)
    parameters = declared(replacements)
    if not compiled:
        bound = _bind(replacements, mean_field, None)
        return Engine(bound.begin, bound.advance, False, mean_field, digest, parameters)
    # Numba reads the folder when a function is decorated, from the environment first: both are set for each binding.
    sources = kernel_digest(replacements)
    folder = str(cache_folder(hashlib.sha256(f"{sources}{mean_field}".encode()).hexdigest()))
    os.environ["NUMBA_CACHE_DIR"] = folder
    import numba

    numba.config.CACHE_DIR = folder
    _read_without_blas()

    def jit(function: Any, outer: bool) -> Any:
        if outer:
            return numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function)
        small = function.__name__ in INLINED
        return numba.njit(
            error_model="numpy", forceinline=small, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True
        )(function)

    bound = _bind(replacements, mean_field, jit)
    return Engine(bound.begin, bound.advance, True, mean_field, digest, parameters)
