"""One check of one output, in the oracle's sandbox. The judge never imports this either (`stage`).

Calls to the judge: `given()` brings what the check is about, `ended(how, what, printed)` tells how the checker ended:
    exit      its exit code
    raised    name of the exception that it let through
    answered  what its function `check` returned, where that is True or False
    other     what else it returned: the name of the type
"""

from __future__ import annotations

import io

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verifier.checking.stage import Files, perform

_MOST_PRINTED = 4096


class Printed(io.RawIOBase):
    """Standard output, of which the first bytes are kept."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self.kept = b""

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Keep what there is room for, and one byte that tells that there was more."""
        self.kept += bytes(data[: _MOST_PRINTED + 1 - len(self.kept)])
        return len(data)


class Source(io.RawIOBase):
    """Standard input that is there as a whole."""

    def __init__(self, data: bytes) -> None:
        """Hold it."""
        self._left = memoryview(data)

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, room: Any) -> int:
        """Give the next bytes."""
        count = min(len(room), len(self._left))
        room[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


def main(code: Any, given: Any, ended: Any) -> None:
    """Make the check that the judge gives, and tell how it ended."""
    about = given()
    if about["arguments"] is None:
        ended(*_call(code, about["texts"]), "")
        return
    files = Files({name: as_bytes(data) for name, data in about["files"].items()}, about["folder"])
    printed = Printed()
    how, what = perform(code, about["arguments"], files, Source(as_bytes(about["stdin"])), printed)
    ended(how, what, printed.kept.decode("ascii", "replace"))


def as_bytes(data: str | bytes) -> bytes:
    """Return what the judge sent as a text, where it is one, for that is shorter on the way."""
    return data.encode() if isinstance(data, str) else data


def _call(code: Any, texts: list[str]) -> tuple[str, Any]:
    """Call the function `check` of a program."""
    namespace: dict[str, Any] = {"__name__": "checker"}
    try:
        exec(code, namespace)  # noqa: S102 - this is the sandbox
        answer = namespace["check"](*texts)
    except BaseException as error:
        return "raised", type(error).__name__
    return ("answered", answer) if isinstance(answer, bool) else ("other", type(answer).__name__)
