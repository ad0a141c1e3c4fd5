"""The image of this checkout, built on the tests' own base by `verifier image build`, and containers of it.

A test that calls these has the fixture `docker_engine`.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from tests.containers.engine import OWNER_LABEL, ROOT, owner, the_engine
from verifier.image.checkout import Checkout

NAME = "rlvr-verifier-tests-image"

OURS = Checkout(ROOT, version="as in pyproject.toml")
"""The checkout that the tests are in."""

BUILD_STAGE = "rlvr-verifier.stage=build"
"""Label of what the first stage of container/Dockerfile makes."""

KEPT_SECONDS = 3600
"""For how long an image of other contents is kept: longer than any run of the tests."""

_POST = """
import http.client, sys, time
event = sys.stdin.buffer.read()
for _ in range(200):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=100)
        connection.request("POST", "/2015-03-31/functions/function/invocations", event)
        sys.stdout.write(connection.getresponse().read().decode())
        break
    except ConnectionRefusedError:
        time.sleep(0.05)
"""


@cache
def built_image(languages: str = "") -> str:
    """Return the name of the image, built now where the engine does not hold it; old ones then go.

    Processes that ask at once wait for each other. It is named by all that it is made of, and by the languages that it
    has besides Python.
    """
    tag = "-".join([f"{NAME}:{_digest()}", *languages.split()])
    options = [f"--languages={languages}", "--network=host"] if languages else []  # the tests' engine has no other
    lock = ROOT / "build" / "image.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if docker("image", "inspect", tag).returncode != 0:
            built = build(f"--tag={tag}", f"--base-image={the_engine().image}", *options)
            assert built.returncode == 0, built.stderr
            _remove_others(tag)
    return tag


def _digest() -> str:
    """Return a digest of everything that an image of this checkout is made of."""
    digest = hashlib.sha256(the_engine().image.encode())
    for name in OURS.sources():
        data = (OURS.root / name).read_bytes()
        digest.update(f"\0{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()[:12]


def _remove_others(tag: str) -> None:
    """Remove images of other contents, and what was left of building them, unless another run may be using them."""
    before = time.time() - KEPT_SECONDS
    for other in docker("image", "ls", "--format={{.Repository}}:{{.Tag}}", NAME).stdout.split():
        if other != tag and datetime.fromisoformat(inspect(other, ".Created")).timestamp() < before:
            docker("image", "rm", other)
    docker("image", "prune", "--force", f"--filter=label={BUILD_STAGE}", f"--filter=until={before:.0f}")


def build(*options: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `verifier image build` in a folder, with the tests' engine."""
    return subprocess.run(
        [sys.executable, "-m", "verifier", "image", "build", *options],
        cwd=folder,
        env={**os.environ, "DOCKER_HOST": the_engine().host, **environment},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


def docker(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a `docker` command on the tests' engine, and let it fail."""
    command = the_engine().docker(*arguments)
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=200, check=False)


def run(
    image: str, *arguments: str, options: tuple[str, ...] = (), text: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run arguments in a new container, which is removed when it ends, and has no network unless an option says so."""
    return docker("run", "--rm", "--interactive", *_options(options), image, *arguments, text=text)


@contextlib.contextmanager
def running(image: str, *arguments: str, options: tuple[str, ...] = ()) -> Iterator[str]:
    """Keep a container of an image while something is done with it, and give its id."""
    started = docker("run", "--detach", *_options(options), image, *arguments)
    assert started.returncode == 0, started.stderr
    container = started.stdout.strip()
    try:
        yield container
    finally:
        docker("rm", "--force", "--volumes", container)


def post(container: str, event: Any) -> Any:
    """Send an event to the emulator in a container, from inside it, and return the reply."""
    sent = docker("exec", "--interactive", container, "/opt/verifier/bin/python", "-c", _POST, text=json.dumps(event))
    assert sent.returncode == 0, sent.stderr
    assert sent.stdout, docker("logs", container).stderr
    return json.loads(sent.stdout)


def inspect(name: str, form: str) -> Any:
    """Return what the engine knows of an image: a part in the language of `docker inspect --format`."""
    return json.loads(docker("image", "inspect", "--format", "{{json " + form + "}}", name).stdout)


def _options(given: tuple[str, ...]) -> list[str]:
    """Return options of `docker run`, with those that every container of a test has."""
    network = [] if any(option.startswith("--network") for option in given) else ["--network=none"]
    return [f"--label={OWNER_LABEL}={owner()}", *network, *given]
