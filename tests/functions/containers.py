"""Functions in containers of the image: each under the emulator, on a host like AWS Lambda (`tests.containers.tiers`).

They share this machine's network, as functions share Amazon's: the grader has to reach the runner, and both are called
from here. A test that calls these has the fixture `docker_engine`.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import secrets
import socket
import time
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from tests.containers.image import docker, running
from tests.containers.tiers import Tier

_START_SECONDS = 30.0


@contextlib.contextmanager
def function(
    image: str, handler: str, tier: Tier, environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[str, str]]:
    """Run a function; give the id of its container, and the address of its emulator."""
    port, runtime_port = _free_ports()
    uid = 100_000 + secrets.randbelow(900_000)
    options = (
        *(option for option in tier.options if not option.startswith("--network")),
        "--network=host",
        f"--user={uid}:{uid}",
        *(f"--env={name}={value}" for name, value in environment.items()),
    )
    arguments = (
        *(handler, "--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
        *("--runtime-api-address", f"127.0.0.1:{runtime_port}"),
    )
    with running(image, *arguments, options=options) as container:
        _wait_for(port, container)
        yield container, f"127.0.0.1:{port}"


def called(address: str, event: Any, *, seconds: float = 250.0) -> Any:
    """Call the function at an address, and return its reply, decoded."""
    connection = http.client.HTTPConnection(address, timeout=seconds)
    with contextlib.closing(connection):
        connection.request("POST", "/2015-03-31/functions/function/invocations", json.dumps(event))
        return json.loads(connection.getresponse().read())


def _wait_for(port: int, container: str) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while time.monotonic() < give_up:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(docker("logs", container).stderr)


def _free_ports() -> tuple[int, int]:
    """Return two ports of this machine that nobody listens on."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
