"""In the place of `sandbox.runner.__main__` in an image of the tests: a runner that does what no runner does.

What it does is the program's text, or the name of the function that is called. Where `floor` alone is required it says
that nothing else is in force. At a speed of 2, not even a harmless program lives.
"""

from __future__ import annotations

import os
import time

from sandbox.inside.frames import HEADER, read_frame, write_frame
from sandbox.outcome import Status
from sandbox.remote import messages
from sandbox.remote.messages import Answered, Closed, Failed, Finished, Opened, Ran, Started, WireBuild, WireRun

_RUN = WireRun(status=Status.FINISHED, stdout=b"forged")
_BUILD = WireBuild(ok=True)


def main() -> None:
    """Answer until the other end is gone, or it is told to die."""
    start = messages.decode_request(read_frame(0))
    assert isinstance(start, messages.Start)
    layers = ("floor",) if start.require == ("floor",) else ("floor", "seccomp")
    _send(Started(layers=layers, speed=start.speed or 1.0))
    while True:
        match messages.decode_request(read_frame(0)):
            case messages.RunJob() as job:
                word = bytes(job.program.source).decode()
                _act("die" if word == "pass" and start.speed == 2 else word, len(job.stdins) + len(job.calls))
            case messages.MakeCall() as call:
                _act(bytes(call.call.function).decode(), 0)
                _send(Answered(build=_BUILD, run=WireRun(status=Status.NOT_DATA, value=b"true")))
            case messages.Finish():
                _send(Finished())
            case messages.Close():
                _send(Closed(anomalies=("files",)))
            case _:
                _send(Opened(build=_BUILD))


def _act(word: str, asked: int) -> None:
    match word:
        case "die":
            os._exit(0)
        case "nonsense":
            write_frame(1, b"\xc1")
        case "long":
            os.write(1, HEADER.pack(0xFFFFFFFF))
        case "other":
            _send(Finished())
        case "silent":
            time.sleep(60)  # longer than anybody waits
        case "faulty":
            _send(Failed(kind="SandboxFault", message="it failed"))
        case "unasked":
            _send(_ran(asked))
            _send(_ran(asked))
        case "unclean":
            _send(_ran(asked, "processes"))
        case _ if asked:
            _send(_ran({"more": asked + 1, "none": 0}.get(word, asked)))


def _ran(count: int, *anomalies: str) -> Ran:
    return Ran(build=_BUILD, runs=(_RUN,) * count, layers=("floor", "uid", "seccomp"), speed=9.0, anomalies=anomalies)


def _send(reply: messages.Reply) -> None:
    write_frame(1, messages.encode(reply))


if __name__ == "__main__":
    main()
