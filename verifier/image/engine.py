"""The Docker Engine that builds: it is found, asked about the base image, and made to run the steps of a Dockerfile."""

from __future__ import annotations

import json
import os
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from sandbox.containers.unconnected import close_sockets_of
from verifier.image.errors import ImageError
from verifier.image.wheels import MACHINES

if TYPE_CHECKING:
    import docker

PLATFORMS = ("linux/amd64", "linux/arm64")

_ANSWER_SECONDS = 900  # a step can be silent for long
_OLDEST_PYTHON = (3, 11)
_OUTPUT_SHOWN = 15  # lines of a step that failed
_INSTRUCTION_SHOWN = 80  # characters

_STEP = re.compile(r"Step (\d+)/(\d+) : (.*)")
_ENGINES_OWN = re.compile(r" *---> .*|Removing intermediate container .*")
_COLOUR = re.compile(r"\x1b\[\d*m")  # in which the engine shows standard error

_ASK = """
import json, platform, sys, venv
print(json.dumps([sys.version_info[:2], platform.machine(), platform.libc_ver()[0]]))
"""


@dataclass(frozen=True)
class Base:
    """A base image that an engine holds.

    Attributes:
        id: the engine's name for it.
        size_bytes: uncompressed.
        platform: operating system and architecture, as Docker calls them.
        python: version of its `python3`, such as `3.13`.
        machine: what it runs on, one of `wheels.MACHINES`.
    """

    id: str
    size_bytes: int
    platform: str
    python: str
    machine: str


class BuildEngine:
    """The engine that DOCKER_HOST names, or the one of this machine, from `__init__` to `close`."""

    def __init__(self) -> None:
        """Connect.

        Raises:
            ImageError: no engine answers, or the package `docker` is missing.
        """
        try:
            import docker
        except ModuleNotFoundError:
            raise ImageError("images need the package docker; run: pip install 'rlvr-verifier[docker]'") from None
        try:
            self._client: docker.DockerClient = docker.from_env(timeout=_ANSWER_SECONDS)
        except docker.errors.DockerException as error:
            close_sockets_of(error)
            place = os.environ.get("DOCKER_HOST") or "its usual socket"
            raise ImageError(
                f"no Docker Engine answers at {place} ({error}); start one, or let DOCKER_HOST name where one does"
            ) from None

    def close(self) -> None:
        """End the connection."""
        self._client.close()

    def base(self, name: str, platform: str | None) -> Base:
        """Return a base image, pulled where the engine does not hold it for that platform.

        Raises:
            ImageError: it cannot be had, cannot run on this engine, or is not fit to be one.
        """
        image = self._find(name, platform)
        version, machine, libc = self._ask(name, image.id, _platform(image.attrs))
        python = ".".join(map(str, version))
        if tuple(version) < _OLDEST_PYTHON:
            raise ImageError(f"the base image {name} has Python {python}; name one with 3.11 or newer")
        if libc != "glibc" or machine not in MACHINES:
            raise ImageError(
                f"the base image {name} is {machine} with {libc or 'another C library'}; name one with glibc, for "
                f"{' or '.join(PLATFORMS)}"
            )
        return Base(image.id, image.attrs["Size"], _platform(image.attrs), python, machine)

    def build(
        self,
        context: IO[bytes],
        report: Callable[[str], None],
        *,
        dockerfile: str = "Dockerfile",
        tag: str | None = None,
        platform: str | None = None,
        arguments: Mapping[str, str] | None = None,
        stage: str | None = None,
        network: str = "none",
    ) -> str:
        """Run the steps of a Dockerfile and return the id of the image that they make.

        Args:
            context: a tar archive with the Dockerfile; it is closed.
            report: is told each step, and the last output of a step that fails.
            dockerfile: its name in the archive.
            tag: a name for the image.
            platform: one of `PLATFORMS`; None leaves it to the engine.
            arguments: values for the Dockerfile's ARG.
            stage: the last stage to run; None runs all.
            network: that of every step, as in `docker build --network`.

        Raises:
            ImageError: a step failed, or the engine did.
        """
        with context:
            try:
                stream = self._client.api.build(
                    fileobj=context,
                    custom_context=True,
                    dockerfile=dockerfile,
                    tag=tag,
                    platform=platform,
                    buildargs=dict(arguments or {}),
                    target=stage or "",
                    network_mode=network,
                    rm=True,
                    forcerm=True,
                    decode=True,
                )
                return _follow(stream, report)
            except _failures() as error:
                raise ImageError(f"the engine did not finish the build: {_reason(error)}") from None

    def size_bytes(self, image_id: str) -> int:
        """Return the uncompressed size of an image, its base included."""
        return int(self._client.images.get(image_id).attrs["Size"])

    def _find(self, name: str, platform: str | None) -> Any:
        """Return the engine's image of a name, for a platform.

        Raises:
            ImageError: there is none, and it cannot be pulled.
        """
        import docker

        try:
            try:
                image = self._client.images.get(name)
            except docker.errors.ImageNotFound:
                image = None
            if image is None or platform not in (None, _platform(image.attrs)):
                repository, tag = docker.utils.parse_repository_tag(name)
                self._client.images.pull(repository, tag or "latest", platform=platform)
                image = self._client.images.get(name)
        except _failures() as error:
            wanted = f"{name} for {platform}" if platform else name
            raise ImageError(
                f"the base image {wanted} is not on this engine, and cannot be pulled: {_reason(error)}; pull or load "
                "it, or name another with --base-image"
            ) from None
        if platform not in (None, _platform(image.attrs)):
            raise ImageError(f"the base image {name} is there for {_platform(image.attrs)} only, not for {platform}")
        return image

    def _ask(self, name: str, image_id: str, platform: str) -> Any:
        """Return version, machine and C library of an image's `python3`, which runs for that.

        Raises:
            ImageError: it does not run.
        """
        try:
            container = self._client.containers.create(
                image_id, ["-c", _ASK], entrypoint=["python3"], network_mode="none", user="0:0"
            )
            try:
                container.start()
                succeeded = container.wait()["StatusCode"] == 0
                answer = container.logs(stdout=succeeded, stderr=not succeeded)
            finally:
                container.remove(force=True)
            if succeeded:
                return json.loads(answer)
            problem = _last_line(answer)
        except _failures() as error:
            problem = _reason(error)
        except ValueError:
            problem = "its answer cannot be read"
        raise ImageError(
            f"python3 does not run in the base image {name} for {platform} ({problem}); name one that has Python 3.11 "
            "or newer with its module venv, for a platform that this engine can run"
        )


def _platform(attributes: Mapping[str, Any]) -> str:
    """Return the platform of an image that the engine described."""
    return f"{attributes['Os']}/{attributes['Architecture']}"


def _failures() -> tuple[type[Exception], ...]:
    """Return what the engine's client raises: its own errors, and those of the connection below it."""
    import docker
    import requests
    import urllib3

    return docker.errors.DockerException, requests.RequestException, urllib3.exceptions.HTTPError


def _reason(error: Exception) -> str:
    """Return what the engine says of an error."""
    return str(getattr(error, "explanation", None) or error).strip()


def _last_line(output: bytes) -> str:
    """Return the last line of a program's output."""
    return output.decode("utf-8", "replace").strip().rpartition("\n")[2]


def _follow(stream: Iterator[dict[str, Any]], report: Callable[[str], None]) -> str:
    """Report the steps of a build and return the id of its image.

    Raises:
        ImageError: the build failed; the end of the step's output is reported.
    """
    step, output, made = "its start", deque[str](maxlen=_OUTPUT_SHOWN), ""
    for message in stream:
        for line in message.get("stream", "").splitlines():
            if begun := _STEP.fullmatch(line):
                step = f"step {begun[1]} of {begun[2]}: {_short(begun[3])}"
                output.clear()
                report(step)
            elif (text := _COLOUR.sub("", line).strip()) and not _ENGINES_OWN.fullmatch(line):
                output.append(text)
        made = message.get("aux", {}).get("ID", made)
        if "error" in message:
            for line in output:
                report(line)
            code = message.get("errorDetail", {}).get("code")
            why = f"exit code {code}, and the end of its output is above" if code else message["error"].strip()
            raise ImageError(f"the build failed at {step} ({why})")
    if not made:
        raise ImageError(f"the engine ended the build at {step}, and gave no reason; see its log")
    return made


def _short(instruction: str) -> str:
    """Return the beginning of a Dockerfile's instruction, as one line."""
    line = " ".join(instruction.split())
    return line if len(line) <= _INSTRUCTION_SHOWN else f"{line[:_INSTRUCTION_SHOWN]}..."
