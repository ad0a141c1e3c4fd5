"""Count what reaches the Lambda Runtime API of an emulator.

    runtime client, and whoever else knows the address  -->  `RuntimeApi`, here  -->  the emulator's Runtime API

`start_emulator` writes a command that stands in for the emulator's binary: it notes where the emulator's own Runtime
API listens, and gives the function the address of the proxy in its place.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import socket
import threading
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.sandbox.processes import come_true

_REQUEST = re.compile(rb"(GET|POST) /2018-06-01/runtime/invocation/[\w-]+(?:/(\w+))? HTTP/1\.[01]\r\n")


class RuntimeApi:
    """A TCP proxy, from `__enter__` to `__exit__`.

    Attributes:
        port: where it listens, on 127.0.0.1.
        connections: how many were made so far.
        requests: ``GET`` for a next event, ``POST response`` for a reply and so on, in the order in which they came.
    """

    def __init__(self, folder: Path) -> None:
        """Listen; `folder` is where the command for the emulator is put."""
        self.connections = 0
        self.requests: list[str] = []
        self._folder = folder
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._resources = contextlib.ExitStack()
        self._resources.callback(self._server.close)

    def stand_in(self, binary: Path, prefix: tuple[str, ...]) -> Path:
        """Write the command that starts the emulator's `binary`, below the command `prefix`; return its path."""
        command = self._folder / "emulator"
        start = shlex.join([*prefix, str(binary)])
        # $1 to $6 are the emulator's options, the last the Runtime API's address; the rest is the function's command.
        command.write_text(
            f"""#!/bin/sh
echo "$6" > {shlex.quote(str(self._target))}
options="$1 $2 $3 $4 $5 $6"
shift 6
exec {start} $options env AWS_LAMBDA_RUNTIME_API=127.0.0.1:{self.port} "$@"
"""
        )
        command.chmod(0o755)
        return command

    def count(self) -> Counter[str]:
        """Count the requests so far, once the runtime client has sent its reply and waits for the next event."""
        assert come_true(lambda: self.requests[-1:] == ["GET"], 10)
        return Counter(self.requests)

    def __enter__(self) -> Self:
        """Serve."""
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        self._server.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._resources.close()

    @property
    def _target(self) -> Path:
        return self._folder / "runtime-api"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                self.connections += 1
                host, port = self._target.read_text().strip().split(":")
                server = socket.create_connection((host, int(port)))
                for connection in (client, server):
                    self._resources.callback(connection.close)
                threading.Thread(target=self._forward, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self._forward, args=(server, client, False), daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket, count: bool) -> None:
        with contextlib.suppress(OSError):
            while part := source.recv(1 << 16):
                if count:
                    self.requests += [
                        b" ".join(filter(None, found.groups())).decode() for found in _REQUEST.finditer(part)
                    ]
                sink.sendall(part)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
