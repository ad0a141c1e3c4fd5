"""The corpus of exploits against a target: which of them it pays like a right answer."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

import msgspec

from verifier.fuzzing.exploits import Entry, attacks, entry_of
from verifier.fuzzing.gating import Measured
from verifier.fuzzing.target import TargetBroken
from verifier.fuzzing.targets import BaseTarget, OutOfTime

_CLOSE = 1e-9


class Result(StrEnum):
    """How an exploit fared."""

    REFUSED = "refused"
    """Paid less than the reference, on each of its suites."""
    DECLINED = "declined"
    """The target declined to judge it."""
    BROKE = "broke"
    """The target raised, died, hung or returned what is no reward."""
    FOOLED = "fooled"
    """Paid at least as much as the reference, twice in a row."""
    HARMFUL = "harmful"
    """Left out: it could harm this machine."""
    UNMEASURED = "unmeasured"
    """Left out: nothing can be measured on its suites, or what it attacks is in our verifier alone."""
    UNTRIED = "untried"
    """Left out: there was no time."""


TRIED = frozenset({Result.REFUSED, Result.DECLINED, Result.BROKE, Result.FOOLED})


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One exploit.

    Attributes:
        id: in the corpus; its part before the slash is the row.
        about: what it tries, and how.
        result: what came of it.
        suite: the suite on which that came of it; empty where it was left out.
        paid: what the target paid there, if anything.
        reference_paid: what it pays the reference there.
        told: how the target broke.
        seconds: how long the target took for that answer.
        smallest: what is left of the program (of the answer, where its text is what fools) and still fools the target;
            empty before it was reduced.
    """

    id: str
    about: str
    result: Result
    suite: str = ""
    paid: float | None = None
    reference_paid: float | None = None
    told: str = ""
    seconds: float = 0.0
    smallest: str = ""

    @property
    def row(self) -> str:
        """The row of the list of attacks."""
        return self.id.partition("/")[0]


def in_turn(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Return rounds with one exploit of each row, so that none is left out where time is short.

    Those on suites that are there for endless programs come last: each may take as long as the target lets it.
    """
    queues: dict[tuple[bool, str], list[Entry]] = {}
    for entry in entries:
        queues.setdefault((_may_hang(entry), entry.row), []).append(entry)
    rounds: list[list[Entry]] = []
    for hang in (False, True):
        of_rows = [queue for (hangs, _), queue in queues.items() if hangs is hang]
        longest = max(map(len, of_rows), default=0)
        rounds += [[queue[turn] for queue in of_rows if turn < len(queue)] for turn in range(longest)]
    return rounds


def selected(only: str, rows: Iterable[str] | None = None) -> list[Entry]:
    """Return the exploits whose id matches a regular expression, in the order of the corpus."""
    wanted = None if rows is None else set(rows)
    return [entry for entry in attacks() if re.search(only, entry.id) and (wanted is None or entry.row in wanted)]


def attack(
    target: BaseTarget,
    entries: Iterable[Entry],
    measured: Mapping[str, Measured],
    *,
    harmful: bool,
    until: float = math.inf,
) -> Iterator[Attempt]:
    """Try exploits, in the order of `in_turn`; yield what came of each.

    Args:
        target: what is attacked.
        entries: exploits.
        measured: what can be measured, by the id of the suite.
        harmful: try those too that harm a machine without protection.
        until: when time is up, on the clock of `time.monotonic`.
    """
    for entries_of_round in in_turn(entries):
        target.refresh()
        for entry in entries_of_round:
            if entry.harms and not harmful:
                yield _left_out(entry, Result.HARMFUL)
                continue
            places = [measured[suite] for suite in entry.suites if suite in measured]
            if not places or (entry.ours and not target.is_ours):
                yield _left_out(entry, Result.UNMEASURED)
                continue
            yield _tried(target, entry, places, until)


def _tried(target: BaseTarget, entry: Entry, places: list[Measured], until: float) -> Attempt:
    """Try one exploit on its suites, until it fools the target on one of them."""
    rank = [Result.REFUSED, Result.DECLINED, Result.BROKE, Result.FOOLED]
    worst: Attempt | None = None
    before = entry_of(entry.after) if entry.after else None
    for place in places:
        try:
            found = _once(target, entry, place, before, until)
            if found.result is Result.FOOLED:  # of itself, or by what an earlier program did to the target?
                target.refresh()
                found = _once(target, entry, place, before, until)
        except OutOfTime:
            break
        if worst is None or rank.index(found.result) > rank.index(worst.result):
            worst = found
        if worst.result is Result.FOOLED:
            break
    return worst or _left_out(entry, Result.UNTRIED)


def _once(target: BaseTarget, entry: Entry, place: Measured, before: Entry | None, until: float) -> Attempt:
    """Try one exploit on one suite, right after the program that it follows.

    Raises:
        OutOfTime: there is no time for it.
    """
    suite = place.problem.suite
    target.until = until
    begin = time.monotonic()
    paid, told = None, ""
    try:
        if before is not None:
            _ignored(target, before, place)
        begin = time.monotonic()
        paid = target.pay(entry.text, suite)
        if paid is not None and not math.isfinite(paid):
            paid, told = None, "pays what is no finite number"
        result = Result.BROKE if told else _result(paid, place.paid)
    except OutOfTime:
        raise
    except TargetBroken as error:
        result, told = Result.BROKE, str(error)
    finally:
        target.until = None
    return Attempt(
        id=entry.id,
        about=entry.about,
        result=result,
        suite=suite.id,
        paid=paid,
        reference_paid=place.paid,
        told=told,
        seconds=time.monotonic() - begin,
    )


def _ignored(target: BaseTarget, before: Entry, place: Measured) -> None:
    """Have the program graded that leaves something behind, whatever is paid for it.

    Raises:
        OutOfTime: there is no time for it.
    """
    try:
        target.pay(before.text, place.problem.suite)
    except OutOfTime:
        raise
    except TargetBroken:
        return


def _result(paid: float | None, reference_paid: float) -> Result:
    if paid is None:
        return Result.DECLINED
    return Result.FOOLED if paid >= reference_paid - _CLOSE else Result.REFUSED


def _may_hang(entry: Entry) -> bool:
    return all(suite.startswith("spin") for suite in entry.suites)


def untried_attempt(entry: Entry) -> Attempt:
    """Return that an exploit was left out for want of time."""
    return _left_out(entry, Result.UNTRIED)


def _left_out(entry: Entry, result: Result) -> Attempt:
    return Attempt(id=entry.id, about=entry.about, result=result)
