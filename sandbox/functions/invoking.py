"""Call a Lambda function, and tell a reply from everything else that can come back.

Facts: Invoke in the API reference of AWS Lambda; docs.aws.amazon.com/lambda/latest/dg/invocation-retries.html. A
function that raised, ended or ran out of time answers with status 200, a field `FunctionError`, and JSON with
`errorType` and `errorMessage`. The Runtime Interface Emulator leaves the field out, answers a time-out in plain text,
and the end of the function's process with status 502.
"""

from __future__ import annotations

import json
import math
import random
import threading
import time
from typing import TYPE_CHECKING, Any

from sandbox.errors import SandboxError, SandboxFault, SandboxLost, SandboxUnavailable
from sandbox.functions.fitting import Packed
from sandbox.remote import messages, payload
from sandbox.remote.messages import NotAMessage, Ran
from sandbox.remote.translating import fault_of
from sandbox.runner.ending import ENDED

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

_LONGEST_CALL_SECONDS = 900.0  # docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_SHORTEST_WAIT_SECONDS = 60.0
_SLACK_SECONDS = 60.0  # a cold start, and the way there and back
_CONNECT_SECONDS = 5.0
_MOST_ATTEMPTS = 6
"""Of one call that Amazon's side refuses: throttling, and faults of its own."""
_PATIENCE_SECONDS = 60.0
"""For a function that is refused: it is throttled, or Amazon's side is out of order."""
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 8.0
_MOST_ENDED = 32
"""Environments in a row that end themselves before they look at a call."""

_CANNOT_START = ("Runtime.ImportModuleError", "Runtime.HandlerNotFound", "Runtime.UserCodeSyntaxError")
_NO_ACCESS = ("AccessDenied", "UnrecognizedClient", "ExpiredToken", "InvalidSignature", "InvalidClientToken")
_NO_REPLY = "the runner's function {} gave no reply: {}"


class _Refused(SandboxFault):
    """Amazon's side does not call the function now."""


class Invoker:
    """One function, called from several threads."""

    def __init__(self, function: str, *, connections: int, closing: threading.Event) -> None:
        """Connect to nothing yet.

        Args:
            function: its name or ARN. Region, credentials and endpoint are found as boto3 finds them.
            connections: most calls at a time.
            closing: set when nobody waits for replies any more.
        """
        self.function = function
        self._closing = closing
        self._connections = connections
        self._lock = threading.Lock()
        self._clients: dict[float, LambdaClient] = {}

    def ask(self, event: Packed, *, seconds: float) -> Ran:
        """Send a request and wait for its reply.

        Args:
            event: the request, packed.
            seconds: how long the runner may take.

        Raises:
            SandboxLost: the runner died, ran out of its time, or answered nonsense.
            SandboxUnavailable: there is no runner, or it does not serve such a request.
            SandboxFault: Amazon's side failed, or the runner did.
        """
        data = json.dumps(event).encode()
        for _ in range(_MOST_ENDED):
            answer = self._invoke_patiently(data, seconds)
            if not _has_ended(answer):
                return self._reply(answer)
        raise SandboxFault(_NO_REPLY.format(self.function, f"{_MOST_ENDED} environments in a row ended themselves"))

    def _invoke_patiently(self, data: bytes, seconds: float) -> Any:
        """Call the function, again while Amazon's side refuses: botocore gives up at once when it was refused often.

        Raises:
            SandboxError: as `ask`.
        """
        give_up = time.monotonic() + _PATIENCE_SECONDS
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                return self._invoke(data, seconds)
            except _Refused:
                if time.monotonic() + pause > give_up or self._closing.wait(pause * random.uniform(0.5, 1.0)):  # noqa: S311
                    raise
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    def _invoke(self, data: bytes, seconds: float) -> Any:
        """Call the function; return what it answered, decoded.

        Raises:
            SandboxError: as `ask`.
        """
        client = self._client(seconds)
        from botocore import exceptions

        try:
            answer = client.invoke(FunctionName=self.function, InvocationType="RequestResponse", Payload=data)
            return json.loads(answer["Payload"].read())
        except exceptions.ClientError as error:
            raise self._refusal(error) from None
        except exceptions.ConnectionError as error:  # none was made
            raise _Refused(_NO_REPLY.format(self.function, type(error).__name__)) from None
        except (exceptions.HTTPClientError, exceptions.IncompleteReadError) as error:
            raise SandboxLost(_NO_REPLY.format(self.function, type(error).__name__)) from None
        except exceptions.BotoCoreError as error:
            raise SandboxUnavailable(f"the function {self.function} cannot be called: {error}") from None
        except (ValueError, RecursionError):  # the emulator's words for a time-out
            raise SandboxLost(_NO_REPLY.format(self.function, "it ran out of time, or was cut off")) from None

    def _refusal(self, error: Any) -> SandboxError:
        """Say why Amazon's side did not call the function."""
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status == 502 and not code.endswith("Exception"):  # the emulator's: a name is missing
            return SandboxLost(_NO_REPLY.format(self.function, "it ended"))
        if code.startswith("ResourceNotFound"):
            return SandboxUnavailable(f"there is no function {self.function}; name the runner's, in the right region")
        if code.startswith(_NO_ACCESS):
            return SandboxUnavailable(
                f"the function {self.function} must not be called from here ({code}); "
                "allow lambda:InvokeFunction on it to this role"
            )
        if code.startswith("TooManyRequests"):
            return _Refused(f"the function {self.function} is throttled; raise its concurrency, or use fewer workers")
        kind = _Refused if status >= 500 else SandboxFault  # what is refused for its content is refused again
        return kind(_NO_REPLY.format(self.function, code or f"status {status}"))

    def _reply(self, answer: Any) -> Ran:
        """Read the reply.

        Raises:
            SandboxError: as `ask`.
        """
        if payload.is_packed(answer):
            try:
                reply = messages.decode_reply(payload.unpack(answer))
            except NotAMessage:
                raise SandboxLost(_NO_REPLY.format(self.function, "what came is none")) from None
            if isinstance(reply, Ran):
                return reply
            if isinstance(reply, messages.Failed):
                raise fault_of(reply)
        kind = answer.get("errorType") if isinstance(answer, dict) else None
        if kind in _CANNOT_START:
            raise SandboxUnavailable(
                f"the function {self.function} cannot start ({kind}); give it the verifier's image"
            )
        raise SandboxLost(_NO_REPLY.format(self.function, "it ended" if kind else "what came is none"))

    def _client(self, seconds: float) -> LambdaClient:
        """Return a client that waits for so long. It is waited for as long as the function may take, not longer."""
        wait = min(max(seconds, _SHORTEST_WAIT_SECONDS), _LONGEST_CALL_SECONDS)
        wait = 2.0 ** math.ceil(math.log2(wait)) + _SLACK_SECONDS  # a few clients serve all
        with self._lock:
            if wait not in self._clients:
                self._clients[wait] = _make_client(wait, self._connections)
            return self._clients[wait]


def _make_client(wait_seconds: float, connections: int) -> LambdaClient:
    """Make a client.

    Raises:
        SandboxUnavailable: boto3 is not installed, or is not told how to connect.
    """
    try:
        import boto3
        from botocore.config import Config
    except ModuleNotFoundError:
        raise SandboxUnavailable("calling a function needs boto3; run: pip install 'rlvr-verifier[aws]'") from None
    from botocore.exceptions import BotoCoreError

    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=wait_seconds,
        max_pool_connections=connections,
        tcp_keepalive=True,  # a call may be silent for longer than a router remembers it
        retries={"mode": "adaptive", "total_max_attempts": _MOST_ATTEMPTS},
    )
    try:
        return boto3.session.Session().client("lambda", config=config)  # a session is used by one thread
    except (BotoCoreError, ValueError) as error:
        raise SandboxUnavailable(f"no function can be called: {error}") from None


def _has_ended(answer: Any) -> bool:
    """Whether an environment ended itself before it looked at the call (`sandbox.runner.ending`)."""
    return (
        isinstance(answer, dict)
        and answer.get("errorType") == "Runtime.ExitError"
        and str(answer.get("errorMessage")).endswith(f"exit status {ENDED}")
    )
