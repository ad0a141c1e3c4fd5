"""The runner protocol: requests, replies, and their bytes.

A message is MessagePack of one of the types below, decoded by type: nothing else comes in. Arguments and values are
inside it as text of `sandbox.inside.values`, which has bounds of its own. Texts that a program chose are bytes, UTF-8
with surrogates as they are: any text of Python's passes. How messages travel is the transport's matter: frames on a
stream (`sandbox.inside.frames`), or the JSON of a Lambda function (`sandbox.remote.payload`).

    request     reply                   for
    Start       Started                 the first on a stream: what the runner is to require
    RunJob      Ran                     a whole job
    Replay      Replayed                calls in a row of one program
    Open        Opened                  a session on a stream, then:
      MakeCall  Answered                  one call
      Restart   Opened                    the next call finds a new program
      Finish    Finished                  the program is dead, and nothing around it was lost
      Close     Closed                    the session has ended
    any         Failed                  a fault, in place of the reply
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from sandbox.job import Limits
from sandbox.layers import LAYERS
from sandbox.outcome import ANOMALIES, Status

VERSION = 2
"""Of the protocol; a runner of another version is refused."""

MOST_RUNS = 100_000
"""Of one reply: as many as a suite has tests. Refused before any is read, so nobody fills the judge with empty ones."""

_Seconds = Annotated[float, Meta(ge=0, le=1e9)]
_Count = Annotated[int, Meta(ge=0, le=2**62)]
_ShortText = Annotated[str, Meta(max_length=4096)]
_ShortBytes = Annotated[bytes, Meta(max_length=4 * 4096)]
_LongBytes = Annotated[bytes, Meta(max_length=4 * 65536)]


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="is"):
    def __repr__(self) -> str:
        """Type only: what it holds is hidden tests, or what answers them."""
        return type(self).__name__


class WireProgram(_Message, frozen=True, kw_only=True):
    """A `sandbox.Program`."""

    source: bytes
    language: str
    talks: bool = False
    signature: str = ""


class WireCall(_Message, frozen=True, kw_only=True):
    """A `sandbox.Call`; `arguments` is the text of (args, kwargs).

    `brought` are pairs of a position in args and the number of a call in the same request: the argument is what that
    call brought.
    """

    function: bytes
    arguments: bytes
    read_back: int | None = None
    live: _Count = 0
    brought: tuple[tuple[_Count, _Count], ...] = ()


class WireRun(_Message, frozen=True, kw_only=True):
    """A `sandbox.Run`; `value` is the text of its value."""

    status: Status
    stdout: bytes = b""
    value: bytes = b""
    stderr_tail: Annotated[bytes, Meta(max_length=4096)] = b""
    exit_code: Annotated[int, Meta(ge=-1000, le=1000)] | None = None
    error: _ShortBytes | None = None
    error_text: _ShortBytes = b""
    cpu_seconds: _Seconds = 0.0
    wall_seconds: _Seconds = 0.0
    idle_seconds: _Seconds = 0.0
    peak_bytes: _Count = 0
    attempts: Annotated[int, Meta(ge=1, le=1000)] = 1


class WireBuild(_Message, frozen=True, kw_only=True):
    """A `sandbox.Build`."""

    ok: bool
    message: _LongBytes = b""


class _Where(_Message, frozen=True, kw_only=True):
    """How the program ran: fields that replies have in common, as in `sandbox.Outcome`."""

    layers: Annotated[tuple[_ShortText, ...], Meta(max_length=len(LAYERS))] = ()
    speed: Annotated[float, Meta(ge=0.001, le=1000)] = 1.0
    anomalies: Annotated[tuple[_ShortText, ...], Meta(max_length=len(ANOMALIES))] = ()


class Start(_Message, frozen=True, kw_only=True, tag=True):
    """Begin: names of the layers to require, None meaning the default; the machine's speed, None meaning measure it."""

    version: int = VERSION
    require: tuple[str, ...] | None = None
    speed: float | None = None


class RunJob(_Message, frozen=True, kw_only=True, tag=True):
    """Run a job whose inputs are all `stdins` or all `calls`; as many as time and the size of a reply allow."""

    program: WireProgram
    limits: Limits
    stdins: tuple[bytes, ...] = ()
    calls: tuple[WireCall, ...] = ()
    fresh: bool = False

    @property
    def count(self) -> int:
        """How many inputs it has."""
        return len(self.stdins) + len(self.calls)


class Replay(_Message, frozen=True, kw_only=True, tag=True):
    """Make calls in a row, in a new program, up to the first time-out; as many as time and the size allow.

    The runs of the first `known` calls are left out of the reply: they only bring the program to where it was.
    """

    program: WireProgram
    limits: Limits
    calls: tuple[WireCall, ...]
    known: _Count = 0


class Open(_Message, frozen=True, kw_only=True, tag=True):
    """Open a session."""

    program: WireProgram
    limits: Limits


class MakeCall(_Message, frozen=True, kw_only=True, tag=True):
    """Make one call in the session."""

    call: WireCall


class Restart(_Message, frozen=True, kw_only=True, tag=True):
    """Kill the program of the session (`sandbox.Session.restart`)."""

    fresh: bool = False


class Finish(_Message, frozen=True, kw_only=True, tag=True):
    """End the program (`sandbox.Session.finish`)."""


class Close(_Message, frozen=True, kw_only=True, tag=True):
    """End the session."""


class Started(_Where, frozen=True, kw_only=True, tag=True):
    """The runner is ready; `layers` are in force."""


class Ran(_Where, frozen=True, kw_only=True, tag=True):
    """A job's runs, in order: all, or the first of them when there was no time or no room for more.

    `known_cpu_seconds` is what the calls of a `Replay` used whose runs are left out.
    """

    build: WireBuild
    runs: Annotated[tuple[WireRun, ...], Meta(max_length=MOST_RUNS)]
    known_cpu_seconds: _Seconds = 0.0


class Opened(_Where, frozen=True, kw_only=True, tag=True):
    """The session has a program, or its build failed."""

    build: WireBuild


class Answered(_Where, frozen=True, kw_only=True, tag=True):
    """One call's run; `build` is the session's, which may have changed."""

    build: WireBuild
    run: WireRun


class Finished(_Message, frozen=True, kw_only=True, tag=True):
    """As asked."""


class Closed(_Where, frozen=True, kw_only=True, tag=True):
    """The session has ended; `anomalies` were found."""


class Failed(_Message, frozen=True, kw_only=True, tag=True):
    """Nothing came of the request: a fault, by the name of its class, in words that hold nothing of the request."""

    kind: _ShortText
    message: _ShortText


Request = Start | RunJob | Replay | Open | MakeCall | Restart | Finish | Close
Reply = Started | Ran | Opened | Answered | Finished | Closed | Failed

_ENCODER = msgspec.msgpack.Encoder()
_REQUESTS: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_REPLIES: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)


class NotAMessage(ValueError):
    """The bytes are no message of this protocol. The text says no more: the bytes may be hidden tests."""


def encode(message: Request | Reply) -> bytes:
    """Write a message."""
    return _ENCODER.encode(message)


def decode_request(data: bytes) -> Request:
    """Read a request.

    Raises:
        NotAMessage: it is none.
    """
    try:
        return _REQUESTS.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise NotAMessage("not a request of the runner protocol") from None


def decode_reply(data: bytes) -> Reply:
    """Read a reply, which whoever is in the runner's place may have made up.

    Raises:
        NotAMessage: it is none, or names a layer or an anomaly that does not exist.
    """
    try:
        reply = _REPLIES.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise NotAMessage("not a reply of the runner protocol") from None
    if isinstance(reply, _Where) and not (set(reply.layers) <= set(LAYERS) and set(reply.anomalies) <= set(ANOMALIES)):
        raise NotAMessage("not a reply of the runner protocol")
    return reply
