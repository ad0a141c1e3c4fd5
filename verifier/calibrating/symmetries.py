"""Ways to change an input that never change the answer: what they lead to is as valid as what was seen.

Suites tend to show arguments and lists in one order. Where the order means nothing to the reference, it is no part
of what makes an input valid: it returns the same for arguments that changed places, or for a list turned round,
throughout.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

import msgspec

from sandbox import Call
from verifier.calibrating.observing import Observed, input_key

Change = Callable[[Call], Call | None]
"""Returns the changed call; None where there is nothing to change."""

_FEWEST = 3
_MOST = 60
_LONGEST_KEY = 2_000


def symmetric(observed: Sequence[Observed], agrees: Callable[[Sequence[Observed]], list[bool]]) -> list[Observed]:
    """Return more inputs with their answers, made of the observed ones.

    Args:
        observed: inputs of a suite, with the answers.
        agrees: says of some inputs whether the reference gives these answers to them.
    """
    calls = [item for item in observed if isinstance(item.input, Call) and len(input_key(item.input)) <= _LONGEST_KEY]
    known = {input_key(item.input) for item in observed}
    found: dict[str, Observed] = {}
    for change in _changes(calls):
        changed = []
        for item in calls[:_MOST]:
            call = change(item.input) if isinstance(item.input, Call) else None
            if call is not None and input_key(call) != input_key(item.input):
                changed.append(Observed(call, item.answer))
        if len(changed) < _FEWEST or len({repr(item.answer) for item in changed}) < 2 or not all(agrees(changed)):
            continue
        for item in changed:
            if input_key(item.input) not in known:
                found.setdefault(input_key(item.input), item)
    return list(found.values())


def _changes(calls: Sequence[Observed]) -> Iterator[Change]:
    width = max((len(item.input.args) for item in calls if isinstance(item.input, Call)), default=0)
    for one, other in itertools.combinations(range(width), 2):
        yield _Swap(one, other)
    for at in range(width):
        yield _Turn(at)


class _Swap(msgspec.Struct, frozen=True):
    """Two arguments of the same type change places."""

    one: int
    other: int

    def __call__(self, call: Call) -> Call | None:
        args = list(call.args)
        if len(args) <= self.other or type(args[self.one]) is not type(args[self.other]) or call.read_back is not None:
            return None
        args[self.one], args[self.other] = args[self.other], args[self.one]
        return msgspec.structs.replace(call, args=tuple(args))


class _Turn(msgspec.Struct, frozen=True):
    """A list is turned round."""

    at: int

    def __call__(self, call: Call) -> Call | None:
        args = list(call.args)
        if len(args) <= self.at or not isinstance(args[self.at], list | tuple) or call.read_back is not None:
            return None
        args[self.at] = args[self.at][::-1]
        return msgspec.structs.replace(call, args=tuple(args))
