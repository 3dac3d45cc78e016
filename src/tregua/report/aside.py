"""One language of the page written in a process of its own, while the first is written here.

The process is this Python with this module, told everything through its pipe: it opens no file of results and starts
nothing. Whoever cannot start it, or loses it, writes both languages here: the page is the same to the last byte.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from tregua.report.inputs import ReportInputs
    from tregua.report.pack import Pack

SIZE = 8
"""Bytes that say how long the message is that follows."""


class Aside:
    """A second process that writes halves of pages; started when asked for, ended when its ``with`` ends.

    Nothing is started where there is one core only.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._answer: tuple[dict[str, object], Pack] | None = None

    def __enter__(self) -> Aside:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the process, where that can help; it gets ready while others work."""
        if self._process is not None or not sys.executable or _cores() < 2:
            return
        paths = os.pathsep.join(path for path in sys.path if path)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tregua.report.aside"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": paths},
            )
        except OSError:
            self._process = None

    def ask(self, inputs: ReportInputs, lang: str) -> None:
        """Let it write one language of the page of these inputs."""
        self._answer = None
        if self._process is not None:
            self._thread = threading.Thread(target=self._exchange, args=(inputs, lang), daemon=True)
            self._thread.start()

    def answer(self) -> tuple[dict[str, object], Pack] | None:
        """What it wrote, as `tregua.report.page.half` gives it, with its pack; None where it could not."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        return self._answer

    def _exchange(self, inputs: ReportInputs, lang: str) -> None:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return
        try:
            _send(process.stdin, (inputs, lang))
            self._answer = _receive(process.stdout)
        except (OSError, ValueError, EOFError, pickle.PickleError, AttributeError, TypeError):
            self._answer = None

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _send(pipe: BinaryIO | Any, message: object) -> None:
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(len(data).to_bytes(SIZE, "big"))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: BinaryIO | Any) -> Any:
    size = pipe.read(SIZE)
    if len(size) < SIZE:
        raise EOFError
    data = pipe.read(int.from_bytes(size, "big"))
    return pickle.loads(data)


def serve() -> None:
    """Answer what is asked on the standard streams until they close; what else is printed goes nowhere."""
    asked, told = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    from tregua.report.pack import Pack
    from tregua.report.page import half
    from tregua.report.picture import ready
    from tregua.report.sections import all_sections

    ready()
    while True:
        try:
            inputs, lang = _receive(asked)
        except EOFError:
            return
        pack = Pack()
        written = half(inputs, lang, all_sections(), pack)
        _send(told, (written, pack))


if __name__ == "__main__":
    serve()
