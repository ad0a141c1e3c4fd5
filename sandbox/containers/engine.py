"""What the Docker Engine is asked for: above all, how a container is closed in.

    network            none
    file system        the image, read-only; /tmp in memory, 64 MiB, nothing there can be executed
    user               one of its own for each container, without any capability, and no way to get one
    shared memory      none, nor System V objects of anybody else
    memory, processes  bounded; no swap
    system calls       the engine's own filter
    engine's logs      nothing: what a program writes never gets there

The SDK (docker-py) is imported here, when it is needed; what it leaves without a type stays in here.
"""

from __future__ import annotations

import contextlib
import os
import random
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sandbox.containers.attached import Attached
from sandbox.containers.reaping import LABELS, OWNER, has_died, this_process
from sandbox.containers.unconnected import close_sockets_of
from sandbox.errors import SandboxFault, SandboxUnavailable

if TYPE_CHECKING:
    from docker import APIClient

_SECONDS = 60
"""Longest time in which the engine does one thing."""
_GOING_SECONDS = 2
"""Longest time to wait for what the engine is removing by itself."""
_COMMAND = ("/opt/verifier/bin/python", "-m", "sandbox.runner")
_PROCESSES = 1024
"""And threads, of one container: as many as Lambda has, and far above what a job asks for, whose own limit its program
meets first. Where a program can make processes and evades that, this bounds what it does to the machine."""
_TMP = "rw,nosuid,nodev,noexec,mode=1777,size=64m"
_UIDS = (1879048192, 2147483647)  # nobody's: systemd.io/UIDS-GIDS
_MAPPED_UIDS = (20000, 59999)
"""Where the engine maps users to a range of its own, which mostly has 65,536."""
_CHANCE = random.SystemRandom()
_STREAMS = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}


class Engine:
    """The engine that DOCKER_HOST names, or else the one of this machine, and an image in it.

    Safe to use from several threads. After a broken connection everything is asked anew.
    """

    def __init__(self, image: str, memory_bytes: int) -> None:
        """Connect to nothing yet.

        Args:
            image: name of the verifier's image.
            memory_bytes: memory of a container.
        """
        self.image = image
        self._memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._connected: _Connected | None = None

    def forget(self) -> None:
        """Begin anew, in a process that was forked: what is under way is its parent's."""
        self._lock = threading.Lock()
        self.close()

    def create(self) -> str:
        """Make a container, and return its id.

        Raises:
            SandboxUnavailable: there is no engine, no such image, or it cannot bound a container.
            SandboxFault: the engine failed.
        """
        connected = self._connect()
        with self._faults():
            made = connected.create(self._memory_bytes)
        if any("discarded" in warning for warning in made.get("Warnings") or ()):
            self.remove(made["Id"])
            raise SandboxUnavailable(
                "the Docker Engine cannot bound the memory or the processes of a container here; "
                "see the warnings of: docker info"
            )
        return str(made["Id"])

    def attach(self, container: str) -> Attached:
        """Connect to the standard streams of a container that has not been started.

        Raises:
            SandboxFault: the engine failed.
        """
        with self._faults():
            return _attach(self._connect().client, container)

    def start(self, container: str) -> None:
        """Start a container.

        Raises:
            SandboxUnavailable: the image is not the verifier's.
            SandboxFault: the engine failed.
        """
        with self._faults():
            self._connect().client.start(container)

    def remove(self, container: str) -> None:
        """Kill a container and remove it, if it is still there: the engine does so by itself once it has ended.

        Raises:
            SandboxFault: the engine failed.
        """
        from docker.errors import APIError

        client = self._connect().client
        with self._faults(), contextlib.suppress(APIError):  # it is gone
            try:
                client.remove_container(container, force=True, v=True)
            except APIError:  # it is going, or gone
                client.wait(container, timeout=_GOING_SECONDS, condition="removed")

    def close(self) -> None:
        """Let go of connections that nobody uses."""
        with self._lock:
            connected, self._connected = self._connected, None
        if connected is not None:
            connected.client.close()

    def _connect(self) -> _Connected:
        with self._lock:
            if self._connected is None:
                self._connected = _Connected(self.image)
            return self._connected

    @contextlib.contextmanager
    def _faults(self) -> Iterator[None]:
        """Say in our words what went wrong.

        Raises:
            SandboxError: it did.
        """
        from docker.errors import APIError, DockerException, ImageNotFound
        from requests.exceptions import RequestException

        try:
            yield
        except ImageNotFound:
            self.close()
            raise _no_image(self.image) from None
        except APIError as error:
            told = str(error.explanation or error)
            if "executable file not found" in told or "no such file or directory" in told:
                raise SandboxUnavailable(
                    f"the image {self.image} has no {_COMMAND[0]}; make one with: verifier image build"
                ) from None
            raise SandboxFault(f"the Docker Engine failed: {told}") from None
        except (DockerException, RequestException, OSError) as error:
            close_sockets_of(error)
            self.close()
            raise SandboxFault(f"the Docker Engine does not answer any more: {type(error).__name__}") from None


class _Connected:
    """A connection over which all was asked that does not change."""

    def __init__(self, image: str) -> None:
        """Connect; remove what dead processes of this machine left behind.

        Raises:
            SandboxUnavailable: there is no engine, or no such image, or it holds suites.
        """
        try:
            import docker
            from docker.errors import DockerException, ImageNotFound
            from requests.exceptions import RequestException
        except ModuleNotFoundError:
            raise SandboxUnavailable(
                "the sandbox docker needs the Docker SDK; run: pip install 'rlvr-verifier[docker]'"
            ) from None
        try:
            self.client = docker.from_env(timeout=_SECONDS).api
            self._uids = _MAPPED_UIDS if _maps_users(self.client) else _UIDS
            self._remove_orphans()
            self._image = _image_id(self.client, image)
        except ImageNotFound:
            raise _no_image(image) from None
        except (DockerException, RequestException, OSError) as error:
            close_sockets_of(error)
            raise SandboxUnavailable(_why_not(error)) from None

    def create(self, memory_bytes: int) -> Any:
        from docker.types import LogConfig

        uid = _CHANCE.randint(*self._uids)
        return self.client.create_container(
            self._image,
            entrypoint=[_COMMAND[0]],
            command=list(_COMMAND[1:]),
            user=f"{uid}:{uid}",  # limits on processes count all that a user has, in all containers
            hostname="sandbox",
            working_dir="/",
            stdin_open=True,  # and, since it is attached to, once: the end of our connection is its end
            use_config_proxy=False,  # the address of a proxy may hold a password
            healthcheck={"test": ["NONE"]},
            labels={**LABELS, OWNER: this_process()},
            host_config=self.client.create_host_config(
                network_mode="none",
                ipc_mode="none",
                read_only=True,
                tmpfs={"/tmp": _TMP},  # noqa: S108 - the container's
                cap_drop=["ALL"],
                security_opt=["no-new-privileges"],
                pids_limit=_PROCESSES,
                mem_limit=memory_bytes,
                memswap_limit=memory_bytes,
                log_config=LogConfig(type="none"),
                init=False,
                auto_remove=True,
            ),
        )

    def _remove_orphans(self) -> None:
        from docker.errors import APIError

        label, kind = next(iter(LABELS.items()))
        for found in self.client.containers(all=True, filters={"label": f"{label}={kind}"}):
            if has_died(found["Labels"].get(OWNER, "")):
                with contextlib.suppress(APIError):  # another removes it
                    self.client.remove_container(found["Id"], force=True, v=True)


def _attach(client: APIClient, container: str) -> Attached:
    """Attach; the SDK returns a file where there is a socket below, and elsewhere what behaves like a socket."""
    file = client.attach_socket(container, params=_STREAMS)
    return Attached(getattr(file, "_sock", file), file._response)


def _maps_users(client: APIClient) -> bool:
    options = client.info().get("SecurityOptions") or ()
    return any(f"name={name}" in option for option in options for name in ("userns", "rootless"))


def _image_id(client: APIClient, image: str) -> str:
    """Find the image.

    Raises:
        SandboxUnavailable: it holds suites, or a key of sealed ones.
    """
    found = client.inspect_image(image)  # type: ignore[no-untyped-call]
    held = ("VERIFIER_SUITES=", "VERIFIER_SEAL_KEY")
    if any(variable.startswith(held) for variable in found["Config"].get("Env") or ()):
        raise SandboxUnavailable(
            f"the image {image} holds suites, or their key, which programs must not find; make one without: verifier "
            "image build"
        )
    return str(found["Id"])


def _no_image(image: str) -> SandboxUnavailable:
    return SandboxUnavailable(f"the Docker Engine has no image {image}; make it with: verifier image build")


def _why_not(error: BaseException) -> str:
    """Say why the engine cannot be used, and what to do."""
    host = os.environ.get("DOCKER_HOST") or "its usual address"
    causes: list[object] = [error]
    for cause in causes:  # the SDK wraps what the system said, more than once
        if isinstance(cause, PermissionError):
            return f"the Docker Engine at {host} is not for this user; join the group docker, or ask its administrator"
        if isinstance(cause, BaseException):
            causes += [cause.__cause__, cause.__context__, *cause.args]
    return f"no Docker Engine answers at {host}; start it, or set DOCKER_HOST"
