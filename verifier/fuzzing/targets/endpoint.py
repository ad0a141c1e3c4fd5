"""A target at an HTTP address that takes the event of an AWS reward function, such as a local Lambda emulator's."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import json
import socket
from typing import Any
from urllib.parse import urlsplit

from testsuites.model import AnySuite
from verifier.fuzzing.target import TargetBroken
from verifier.fuzzing.targets.base import BaseTarget
from verifier.fuzzing.targets.errors import TargetError
from verifier.fuzzing.targets.events import event_of
from verifier.fuzzing.targets.inline import carries_inline, inline_reference
from verifier.fuzzing.targets.rewards import NoRewardError, reply_reward

_MAX_REPLY_BYTES = 8 * 1024 * 1024


class HttpTarget(BaseTarget):
    """A connection for each answer: emulators serve one call at a time."""

    def __init__(self, url: str, *, range: tuple[float, float] = (-1.0, 1.0), timeout: float = 30.0) -> None:
        """Look whether somebody listens there.

        Args:
            url: http or https.
            range: lowest and highest reward.
            timeout: seconds for each answer.

        Raises:
            TargetError: the address is none, or nobody answers.
        """
        super().__init__(url, range=range, timeout=timeout)
        try:
            parts = urlsplit(url)
            self._address = (parts.hostname or "", parts.port)
        except ValueError as error:
            raise TargetError(f"{url}: no address ({error})") from None
        if not self._address[0]:
            raise TargetError(f"{url}: names no host")
        self._kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            with contextlib.closing(self._kind(*self._address, timeout=timeout)) as connection:
                connection.connect()
                self.exposed = _is_here(connection.sock)
        except OSError as error:
            raise TargetError(f"{url}: nobody answers there ({error.strerror or type(error).__name__})") from None

    def carries(self, suite: AnySuite) -> bool:
        """Say whether a suite can travel inline."""
        return carries_inline(suite)

    def ask(self, answer: str, suite: AnySuite, seconds: float) -> float | None:
        """Return the reward.

        Raises:
            TargetBroken: no reply, or one without a reward.
        """
        event = json.dumps(event_of(answer, inline_reference(suite))).encode()
        try:
            return reply_reward(self._post(event, seconds))
        except TimeoutError:
            raise TargetBroken(f"gave no answer in {seconds:g} s") from None
        except (OSError, http.client.HTTPException) as error:
            raise TargetBroken(f"could not be asked ({type(error).__name__})") from None
        except NoRewardError as error:
            raise TargetBroken(str(error)) from None

    def close(self) -> None:
        """Do nothing: no connection is kept."""

    def _post(self, event: bytes, seconds: float) -> Any:
        with contextlib.closing(self._kind(*self._address, timeout=seconds)) as connection:
            connection.request("POST", self._path, event, {"Content-Type": "application/json"})
            response = connection.getresponse()
            data = response.read(_MAX_REPLY_BYTES + 1)
        if response.status != 200:
            raise NoRewardError(f"replied with status {response.status}")
        if len(data) > _MAX_REPLY_BYTES:
            raise NoRewardError("replied with more than 8 MB")
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            raise NoRewardError("replied with what is not JSON") from None


def _is_here(connection: socket.socket) -> bool:
    """Whether the other end is on this machine, as far as addresses tell: a container's are not told apart."""
    here, there = connection.getsockname()[0], connection.getpeername()[0]
    return bool(here == there or ipaddress.ip_address(there).is_loopback)
