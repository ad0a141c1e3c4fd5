"""Change inputs in keeping with their form, where single bytes would lead to nothing but refusals.

Every change comes from the `Random` that is given. What grows, grows by repeating a part, so that time or memory out of
proportion to the length of an input shows.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import msgspec

from tests.decoders.decoder import HIDDEN, Mutate

_SCALARS: tuple[Any, ...] = (
    *(None, True, False, "", HIDDEN, "\ud800", "0", "1", "-1", "ff", "nan", "{}", "[]"),
    *(0, 1, -1, -2, 2**31, 2**61 - 1, 2**63, 10**400, 0.5, -0.0, 1e308, float("nan"), float("inf")),
)
_MANY = 400
_MOST_LEVELS = 120

_Dump = Callable[[Any], bytes]
_Load = Callable[[bytes], Any]


def of_json(words: Sequence[str]) -> Mutate:
    """Change JSON as a tree; `words` become keys and texts."""
    return of_trees(json.loads, lambda tree: json.dumps(tree).encode(), words)


def of_messages(words: Sequence[str]) -> Mutate:
    """Change MessagePack likewise."""
    return of_trees(msgspec.msgpack.decode, msgspec.msgpack.encode, words)


def of_trees(load: _Load, dump: _Dump, words: Sequence[str]) -> Mutate:
    """Change what `load` reads and `dump` writes as a tree of lists and dictionaries."""

    def mutate(data: bytes, longest: int, random: Random) -> bytes | None:
        try:
            tree = [load(data)]
            for _ in range(random.choice((1, 1, 2, 4))):
                _change(tree, longest, words, random)
            changed = dump(tree[0])
        except (ValueError, TypeError, RecursionError, OverflowError, msgspec.MsgspecError):
            return None  # the input is no tree, or the tree cannot be written
        return changed if len(changed) <= longest else None

    return mutate


def of_text(words: Sequence[str]) -> Mutate:
    """Change text: put words in, repeat a part, move a part, drop one."""

    def mutate(data: bytes, longest: int, random: Random) -> bytes:
        start, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
        part = data[start:end]
        match random.randrange(5):
            case 0 | 1:
                part = random.choice(words).encode("utf-8", "surrogatepass")
                end = start if random.random() < 0.5 else end
            case 2:
                part *= min(random.randrange(2, _MANY), 1 + longest // (1 + len(part)))
            case 3:
                place = random.randrange(len(data) + 1)
                return (data[:place] + part + data[place:])[:longest]
            case 4:
                part = b""
        return (data[:start] + part + data[end:])[:longest]

    return mutate


def _change(tree: list[Any], longest: int, words: Sequence[str], random: Random) -> None:
    """Change one place of the tree that a list of one holds, to a size of about `longest` at most."""
    places = _places(tree)
    holder, key = random.choice(places)
    part = holder[key]
    copies = random.choice((1, 2, _MANY))
    match random.randrange(8):
        case 0:
            holder[key] = random.choice(_SCALARS)
        case 1:
            holder[key] = random.choice(words)
        case 2:
            there, other = random.choice(places)
            holder[key] = copy.deepcopy(there[other])
        case 3:
            for _ in range(min(copies, _MOST_LEVELS)):
                part = [part] if random.random() < 0.5 else {random.choice(words): part}
            holder[key] = part
        case 4:
            times = min(copies, longest // _weight(part))
            if isinstance(part, str | bytes):
                holder[key] = part * times
            else:  # copies of their own: what is shared would grow everywhere at once
                items = part if isinstance(part, list) else [part]
                holder[key] = [copy.deepcopy(item) for _ in range(times) for item in items]
        case 5:
            if holder is not tree:
                del holder[key]
        case 6:
            _put(part, random.choice(_SCALARS), words, random)
        case 7:
            holder[key] = part + random.choice((1, -1)) if type(part) in (int, float) else [part]


def _places(tree: list[Any]) -> list[tuple[Any, Any]]:
    """List every place in a tree, as what holds it and its key there."""
    places: list[tuple[Any, Any]] = []
    holders: list[Any] = [tree]
    while holders:
        holder = holders.pop()
        items = list(holder.items() if isinstance(holder, dict) else enumerate(holder))
        places += [(holder, key) for key, _ in items]
        holders += [item for _, item in items if isinstance(item, list | dict)]
    return places


def _put(part: Any, scalar: Any, words: Sequence[str], random: Random) -> None:
    """Add an item to a list or a dictionary, as one of its own or a scalar."""
    if isinstance(part, dict):
        part[random.choice(words)] = copy.deepcopy(random.choice([scalar, *part.values()]))
    elif isinstance(part, list):
        part.insert(random.randrange(len(part) + 1), copy.deepcopy(random.choice([scalar, *part])))


def _weight(part: Any) -> int:
    """Return about as many bytes as it takes to write a part."""
    return 1 + sum(
        2 + len(holder[key]) if isinstance(holder[key], str | bytes) else 2 for holder, key in _places([part])
    )
