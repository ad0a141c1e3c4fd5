"""Serve the runner protocol over standard input and output, one request at a time, until the other end is gone.

Frames as in `sandbox.inside.frames`. Whoever holds the other end may die at any time, and a program be running then: so
a thread of its own reads, and the end of the stream is the end of this process and of all that it started.
"""

from __future__ import annotations

import os
import queue
import signal
import threading

from sandbox.errors import SandboxError, SandboxFault
from sandbox.inside.frames import read_frame, write_frame
from sandbox.job import MEBIBYTE
from sandbox.local import LocalSandbox
from sandbox.local.sandbox import LocalSession
from sandbox.local.standing import spoiled
from sandbox.remote import messages
from sandbox.remote.messages import NotAMessage
from sandbox.remote.translating import call_of, program_of, wire_build, wire_run
from sandbox.runner.serving import Room, failure, serve

_MOST_BYTES = 24 * MEBIBYTE
"""Of outputs and values in one reply, but for the last."""


def main() -> None:
    """Serve the protocol on descriptors 0 and 1; whatever else writes to standard output goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as the first process of a container it gets no other of a program
    requests, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    Stream(requests, replies).serve()


class Stream:
    """One other end, from its first request to its last."""

    def __init__(self, requests: int, replies: int) -> None:
        """Begin to read.

        Args:
            requests: descriptor that frames come from.
            replies: descriptor that frames go to.
        """
        self._requests = requests
        self._replies = replies
        self._received: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._read, name="requests", daemon=True).start()

    def serve(self) -> None:
        """Answer requests until the audit finds that a program left something: the next needs a clean machine."""
        try:
            with self._start() as sandbox:
                clean = True
                while clean:
                    request = self._receive()
                    match request:
                        case messages.RunJob() | messages.Replay():
                            reply = serve(sandbox, request, Room(_MOST_BYTES))
                            self._send(reply)
                            clean = not reply.anomalies
                        case messages.Open():
                            clean = self._converse(sandbox.open(program_of(request.program), request.limits))
                        case _:
                            raise _out_of_turn()
                    clean = clean and not spoiled()
        except (SandboxError, ValueError, OSError) as error:
            self._send(failure(error))

    def _start(self) -> LocalSandbox:
        """Make the sandbox that the first request asks for, and try whether it can do what that requires.

        Raises:
            SandboxUnavailable: it cannot.
            ValueError: the first request is another, or asks for what there is not.
        """
        start = self._receive()
        if not isinstance(start, messages.Start):
            raise _out_of_turn()
        if start.version != messages.VERSION:
            raise SandboxFault(f"this runner speaks version {messages.VERSION} of its protocol, not {start.version}")
        sandbox = LocalSandbox(1, require=start.require, speed=start.speed, holds_no_secrets=True)
        layers, _ = sandbox.survey()
        self._send(messages.Started(layers=layers, speed=sandbox.speed))
        return sandbox

    def _converse(self, session: LocalSession) -> bool:
        """Serve a session to its end; return whether it left nothing.

        Raises:
            SandboxError: it failed; the session has ended.
        """
        with session:
            self._send(self._opened(session))
            while True:
                request = self._receive()
                match request:
                    case messages.MakeCall():
                        run = session.call(call_of(request.call))
                        self._send(
                            messages.Answered(
                                build=wire_build(session.build),
                                run=wire_run(run),
                                layers=session.layers,
                                speed=session.speed,
                            )
                        )
                    case messages.Restart():
                        session.restart(fresh=request.fresh)
                        self._send(self._opened(session))
                    case messages.Finish():
                        session.finish()
                        self._send(messages.Finished())
                    case messages.Close():
                        break
                    case _:
                        raise _out_of_turn()
        self._send(messages.Closed(layers=session.layers, speed=session.speed, anomalies=session.anomalies))
        return not session.anomalies

    def _opened(self, session: LocalSession) -> messages.Opened:
        return messages.Opened(build=wire_build(session.build), layers=session.layers, speed=session.speed)

    def _receive(self) -> messages.Request:
        return messages.decode_request(self._received.get())

    def _send(self, reply: messages.Reply) -> None:
        write_frame(self._replies, messages.encode(reply))

    def _read(self) -> None:
        try:
            while True:
                self._received.put(read_frame(self._requests))
        except (EOFError, OSError):
            os._exit(0)


def _out_of_turn() -> NotAMessage:
    return NotAMessage("a request of the runner protocol, out of its turn")
