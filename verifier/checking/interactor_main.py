"""One conversation with one solution, in the oracle's sandbox. The judge never imports this either (`stage`).

Calls to the judge: `given()` brings what the interactor is told, `talk(data, closes)` sends bytes to the solution and
brings some of what it says, none being the end of it; `ended(how, what, unsent, written)` tells how the interactor
ended, with the words of `checker_main`, what it said last, and what it wrote to its file.
"""

from __future__ import annotations

import io
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verifier.checking.stage import Files, perform

_MOST_SAID = 16 * 1024 * 1024
_leave_for_good = os._exit  # `perform` puts another in its place


class Line:
    """The line to the solution. What is said stays here until something is to be heard."""

    def __init__(self, talk: Any) -> None:
        """Nothing was said yet."""
        self._talk = talk
        self._room = _MOST_SAID
        self.unsent = b""
        self.closed = False
        self._over = False

    def say(self, data: bytes) -> None:
        """Keep that for the solution.

        Raises:
            OSError: too much was said.
        """
        self._room -= len(data)
        if self._room < 0:
            raise OSError("the interactor says too much")
        self.unsent += data

    def hear(self) -> bytes:
        """Return some of what the solution says, once there is any; nothing at its end."""
        if self._over:
            return b""
        try:
            heard: bytes = self._talk(self.unsent, self.closed)
        except BaseException:
            _leave_for_good(0)  # the solution met a limit, or fails: no interactor can change that, nor has to see it
        self.unsent = b""
        self._over = not heard
        return heard


class Heard(io.RawIOBase):
    """What the solution says."""

    def __init__(self, line: Line) -> None:
        """Nothing was heard yet."""
        self._line = line
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, room: Any) -> int:
        """Give the next bytes."""
        if not self._left:
            self._left = memoryview(self._line.hear())
        count = min(len(room), len(self._left))
        room[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


class Said(io.RawIOBase):
    """What is said to the solution."""

    def __init__(self, line: Line) -> None:
        """Nothing was said yet."""
        self._line = line

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Say that."""
        self._line.say(bytes(data))
        return len(data)

    def close(self) -> None:
        """Say no more: the solution meets the end of its input."""
        self._line.closed = True
        super().close()


def main(code: Any, given: Any, talk: Any, ended: Any) -> None:
    """Hold the conversation that the judge gives, and tell how it ended."""
    about = given()
    line = Line(talk)
    if about["arguments"] is None:
        how, what = _call(code, about["texts"], line)
        ended(how, what, line.unsent, b"")
        return
    files = Files({name: text.encode() for name, text in about["files"].items()}, about["file"])
    how, what = perform(code, about["arguments"], files, Heard(line), Said(line))
    ended(how, what, line.unsent, files.contents.get(about["file"], b""))


def _call(code: Any, texts: list[str], line: Line) -> tuple[str, Any]:
    """Call the function `interact` of a program."""
    lines = io.TextIOWrapper(io.BufferedReader(Heard(line)), "utf-8")

    def read() -> str:
        got = lines.readline()
        if not got:
            raise EOFError("the solution has ended")
        return got.removesuffix("\n")

    namespace: dict[str, Any] = {"__name__": "interactor"}
    try:
        exec(code, namespace)  # noqa: S102 - this is the sandbox
        answer = namespace["interact"](*texts, read, lambda text: line.say(f"{text}\n".encode()))
    except BaseException as error:
        return "raised", type(error).__name__
    return ("answered", answer) if isinstance(answer, bool) else ("other", type(answer).__name__)
