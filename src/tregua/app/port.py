"""The port that the server listens on, or why it cannot."""

from __future__ import annotations

import errno
import socket

from tregua.errors import UsageError

WAITING = 128


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one. Whoever comes before the server is ready waits in line.

    Raises
    ------
    UsageError
        The address is not one of this machine, or the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    line = socket.socket(family, socket.SOCK_STREAM)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        line.bind((host, port))
        line.listen(WAITING)
    except OSError as error:
        line.close()
        taken = error.errno == errno.EADDRINUSE
        free = "close what listens there, another tregua app perhaps, or choose another port; --port 0 takes a free one"
        raise UsageError(
            "nothing can listen there", key="--port" if taken else "--host, --port",
            found=f"{host} {port}: {error.strerror or error}", allowed="an address of this machine and a free port",
            mend=free if taken else "leave --host out to listen on this machine only, or choose another port",
        ) from error  # fmt: skip
    return line
