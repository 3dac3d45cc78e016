"""Ctrl-C: it ends a command wherever it arrives, and what is kept is told."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
import time
from types import FrameType
from typing import TYPE_CHECKING, Any

from tregua.cli.phrase import phrase

if TYPE_CHECKING:
    from collections.abc import Callable

INTERRUPTED = 130
AGAIN = 0.05  # seconds
LOADING = 10.0  # seconds for which a module may be loaded before it is interrupted all the same


class Stopped(Exception):  # noqa: N818 (it is no error)
    """A command that was stopped by hand.

    Attributes
    ----------
    kept : int or None
        Histories in the store, where the command was simulating.
    """

    def __init__(self, kept: int | None) -> None:
        super().__init__()
        self.kept = kept

    @classmethod
    def by(cls, stop: KeyboardInterrupt) -> Stopped:
        """Of an interruption, which carries a report where histories were being computed."""
        return cls(getattr(getattr(stop, "report", None), "histories", None))


def tell_stopped(lang: str, kept: int | None = None) -> int:
    """Say that the command was stopped and what is kept; return the exit status."""
    from tregua.cli.screen import Screen

    screen = Screen(lang)
    screen.note()
    screen.note(phrase("stopped", lang) if kept is None else phrase("stopped.runs", lang, n=kept))
    return INTERRUPTED


def loading(frame: FrameType | None) -> bool:
    """True inside of an import."""
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


class Interrupts:
    """Notes that Ctrl-C was pressed, so that nothing on the way out hides it.

    A library that calls Python back from compiled code, or that is being loaded, cannot hand an interruption on: it
    prints it or drops it and goes on, or makes another error of it. So nothing is raised while a module is being
    loaded, but right after; what is lost is raised again; and `asked` tells what another error was.

    Attributes
    ----------
    asked : bool
    """

    def __init__(self) -> None:
        self.asked = False
        self._listening = False
        self._since = 0.0
        self._later: threading.Timer | None = None
        self._lost: Callable[[Any], Any] = sys.unraisablehook
        self._printed: Callable[..., Any] = sys.excepthook

    def __enter__(self) -> Interrupts:
        main = threading.current_thread() is threading.main_thread()
        if main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._note)
            self._listening = True
        self._lost, sys.unraisablehook = sys.unraisablehook, self._not_lost
        self._printed, sys.excepthook = sys.excepthook, self._not_printed
        return self

    def __exit__(self, *_: object) -> None:
        if self._later is not None:
            self._later.cancel()
        sys.unraisablehook, sys.excepthook = self._lost, self._printed
        if self._listening:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._since = self._since if self.asked else time.monotonic()
        self.asked = True
        if loading(frame) and time.monotonic() - self._since < LOADING:
            self._again()
        else:
            signal.default_int_handler(number, frame)

    def _not_lost(self, fault: Any) -> None:
        if issubclass(fault.exc_type, KeyboardInterrupt):
            self._again()
        else:
            self._lost(fault)

    def _not_printed(self, kind: type[BaseException], fault: BaseException, trace: Any) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._again()
        else:
            self._printed(kind, fault, trace)

    def _again(self) -> None:
        """Interrupt once more, a moment after the code that lost the interruption has been left."""
        self._later = threading.Timer(AGAIN, _thread.interrupt_main)
        self._later.daemon = True
        self._later.start()
