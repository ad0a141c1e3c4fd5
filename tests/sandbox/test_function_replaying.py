"""A session in rounds answers as one with a living program does, whatever was foreseen of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox import Call, Limits, LocalSandbox, Program, Run, Session, Status
from sandbox.functions import replaying
from sandbox.functions.replaying import ReplayedSession
from sandbox.job import Brought
from sandbox.remote import messages, payload
from sandbox.remote.messages import Ran, Replay
from sandbox.remote.translating import wire_run
from sandbox.runner.serving import serve

LIMITS = Limits(cpu_seconds=5.0, idle_seconds=5.0)
SHORT = Limits(cpu_seconds=0.2, idle_seconds=0.5)
DONE, CRASHED = Status.FINISHED, Status.CRASHED

STATEFUL = """
import os
said = []

def f(word, *more):
    said.append(word)
    if word == "raise": raise KeyError(len(said))
    if word == "exit": os._exit(0)
    if word == "leave": raise SystemExit(3)
    if word == "fill": raise MemoryError(word)
    if word == "object": return object()
    if word == "spin":
        while True: pass
    return (len(said), more)
"""
WORDS = ["a", "b", "raise", "exit", "leave", "fill", "object"]


def f(*args: Any) -> Call:
    """Call the program's function."""
    return Call(function="f", args=args)


class Rounds:
    """Makes rounds by processes of this machine, through the bytes of the protocol; no AWS can be reached."""

    def __init__(self, sandbox: LocalSandbox) -> None:
        """Nothing was asked."""
        self._sandbox = sandbox
        self.requests: list[Replay] = []

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self.requests)

    def ask(self, request: Replay, packed: dict[str, str]) -> Ran | None:
        """Serve one."""
        assert messages.decode_request(payload.unpack(packed)) == request
        self.requests.append(request)
        reply = messages.decode_reply(messages.encode(serve(self._sandbox, request, lambda _: False)))
        assert isinstance(reply, Ran)
        return reply


def opened(
    rounds: Rounds, foreseen: Sequence[Call], source: str = STATEFUL, limits: Limits = LIMITS
) -> ReplayedSession:
    """Open a session in rounds."""
    return ReplayedSession(Program(source=source), limits, lambda: foreseen, rounds.ask)


def told(run: Run) -> tuple[Any, ...]:
    """Return what a judge looks at."""
    return run.status, run.value, run.error, run.error_text


def dialog(session: Session, said: Sequence[Call | None]) -> list[tuple[Any, ...]]:
    """Say each; None restarts the program."""
    answers = []
    for call in said:
        if call is None:
            session.restart()
        else:
            answers.append(told(session.call(call)))
    session.finish()
    return answers


calls = st.sampled_from(WORDS).map(f)
dialogs = st.lists(calls | st.none(), max_size=6)


@st.composite
def dialogs_and_guesses(draw: st.DrawFn) -> tuple[list[Call | None], list[Call]]:
    """Draw what is said, and what was foreseen: all, nothing, a part, more, or something else."""
    said = draw(dialogs)
    right = [call for call in said if call is not None]
    place = draw(st.integers(0, len(right)))
    guesses = [
        right,
        [],
        right[:place],
        right[place:],
        [*right[:place], draw(calls), *right[place:]],
        [*right, draw(calls)],
        [*right[:place], *right[place + 1 :]],
        right[::-1],
        draw(st.lists(calls, max_size=4)),
    ]
    return said, draw(st.sampled_from(guesses))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dialogs_and_guesses())
def test_it_answers_as_a_living_program(sandbox: LocalSandbox, drawn: tuple[list[Call | None], list[Call]]) -> None:
    """With state, exceptions, exits and exhausted memory, and with whatever was foreseen."""
    said, foreseen = drawn
    with sandbox.open(Program(source=STATEFUL), LIMITS) as session:
        living = dialog(session, said)
    rounds = Rounds(sandbox)
    with opened(rounds, foreseen) as replayed:
        assert dialog(replayed, said) == living
    assert rounds.count <= 1 + len(said)
    if foreseen == said:
        assert rounds.count == 1


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(calls, min_size=1, max_size=8))
def test_what_was_foreseen_rightly_takes_one_round(sandbox: LocalSandbox, said: list[Call]) -> None:
    """Whatever the program does meanwhile, time-outs excepted."""
    rounds = Rounds(sandbox)
    with opened(rounds, said) as session:
        dialog(session, [None, *said])
    assert rounds.count == 1


@pytest.mark.parametrize("foreseen", ["all", "nothing"])
def test_a_time_out_is_not_the_end(sandbox: LocalSandbox, foreseen: str) -> None:
    """After it a new program serves, with nothing left of the old; a round begins there."""
    said = [f("a"), f("spin"), f("a"), f("b")]
    rounds = Rounds(sandbox)
    with opened(rounds, said if foreseen == "all" else [], limits=SHORT) as session:
        answers = [session.call(call) for call in said]
    assert [run.status for run in answers] == [DONE, Status.CPU_LIMIT, DONE, DONE]
    assert [answers[number].value for number in (0, 2, 3)] == [(1, ()), (1, ()), (2, ())]
    assert rounds.count == (2 if foreseen == "all" else 5)


def test_an_unforeseen_call_costs_one_round(sandbox: LocalSandbox) -> None:
    """What is foreseen after it comes along, and what went before is made over again, without being sent back."""
    rounds = Rounds(sandbox)
    with opened(rounds, [f("a"), f("b"), f("a")]) as session:
        assert [session.call(call).value[0] for call in (f("a"), f("x"), f("a"))] == [1, 2, 3]
    assert rounds.count == 2
    assert [(len(request.calls), request.known) for request in rounds.requests] == [(3, 0), (3, 1)]


def test_a_call_that_was_left_out_costs_one_round(sandbox: LocalSandbox) -> None:
    """The place of the next is found again, further on."""
    rounds = Rounds(sandbox)
    with opened(rounds, [f("a"), f("skipped"), f("b"), f("c")]) as session:
        assert [session.call(call).value[0] for call in (f("a"), f("b"), f("c"))] == [1, 2, 3]
    assert rounds.count == 2


CHAIN = "def f(x): return x + 1\ndef g(x): return [x]\ndef h(x):\n    while x: x -= 1"


def test_what_a_call_brings_can_be_foreseen_as_an_argument(sandbox: LocalSandbox) -> None:
    """``f(f(f(1)))`` takes one round: the runner fills in what the judge does not know yet."""
    rounds = Rounds(sandbox)
    with opened(rounds, [f(1), f(Brought(0)), f(Brought(1)), f(9)], CHAIN) as session:
        assert [session.call(call).value for call in (f(1), f(2), f(3), f(9))] == [2, 3, 4, 10]
    assert rounds.count == 1


def test_what_was_brought_is_known_in_later_rounds(sandbox: LocalSandbox) -> None:
    """A wrong guess in between costs a round, and what comes after it is foreseen still."""
    rounds = Rounds(sandbox)
    foreseen = [f(1), f(5), f(Brought(0)), f(Brought(2))]
    with opened(rounds, foreseen, CHAIN) as session:
        assert [session.call(call).value for call in (f(1), f(7), f(2), f(3))] == [2, 8, 3, 4]
    assert rounds.count == 2


@pytest.mark.parametrize("said", [[f(1), f(7), f(8)], [f("x"), f(7), f(8)], [f(1), f(2), f(0)]])
def test_a_wrong_guess_of_what_is_brought_changes_nothing(sandbox: LocalSandbox, said: list[Call]) -> None:
    """An answer counts for the call that it answers, and no other; who brings nothing brings no fault either."""
    foreseen = [said[0], f(Brought(0)), f(Brought(1))]
    with sandbox.open(Program(source=CHAIN), LIMITS) as session:
        living = dialog(session, said)
    with opened(Rounds(sandbox), foreseen, CHAIN) as replayed:
        assert dialog(replayed, said) == living


def test_a_value_that_can_be_brought_and_not_be_sent_is_no_fault(sandbox: LocalSandbox) -> None:
    """A program chooses how deep its values are nested: it must not choose to go without a verdict."""
    deep = "def f(x):\n    for _ in range(98 if x == 1 else 0): x = [x]\n    return x"
    with sandbox.open(Program(source=deep), LIMITS) as session:
        living = dialog(session, [f(1), f(2)])
    assert living[0][0] is DONE
    with opened(Rounds(sandbox), [f(1), f(Brought(0)), f(2)], deep) as replayed:
        assert dialog(replayed, [f(1), f(2)]) == living


def test_a_restart_forgets(sandbox: LocalSandbox) -> None:
    """What the calls before it left is gone; one before any call costs nothing."""
    rounds = Rounds(sandbox)
    with opened(rounds, [f("a"), f("b")]) as session:
        session.restart()
        assert session.call(f("a")).value == (1, ())
        for fresh in (False, True):
            session.restart(fresh=fresh)
            assert [session.call(f(word)).value for word in "ab"] == [(1, ()), (2, ())]
    assert rounds.count == 3


def test_a_fresh_restart_takes_no_old_answers(sandbox: LocalSandbox) -> None:
    """Even where no call was made yet: the processes around the program are to be new."""
    rounds = Rounds(sandbox)
    with opened(rounds, [f("a")]) as session:
        session.restart(fresh=True)
        assert session.call(f("a")).value == (1, ())
    assert rounds.count == 2


def test_a_program_that_does_not_compile(sandbox: LocalSandbox) -> None:
    """One round tells; no call makes another."""
    rounds = Rounds(sandbox)
    with opened(rounds, [f("a")], "def f(:") as session:
        assert not session.build.ok
        assert [session.call(f("a")).status for _ in range(3)] == [Status.NOT_RUN] * 3
    assert rounds.count == 1


def test_a_program_that_does_not_load_fails_each_call(sandbox: LocalSandbox) -> None:
    """As where it lives."""
    with sandbox.open(Program(source="1 / 0"), LIMITS) as session:
        living = dialog(session, [f("a")] * 3)
    with opened(Rounds(sandbox), [f("a")] * 2, "1 / 0") as replayed:
        assert dialog(replayed, [f("a")] * 3) == living


def test_it_tells_how_the_program_ran(sandbox: LocalSandbox) -> None:
    """Layers and speed from the first round on; anomalies of any round."""
    with opened(Rounds(sandbox), []) as session:
        assert session.layers == sandbox.survey()[0]
        assert session.speed == sandbox.speed
        assert session.anomalies == ()


def test_after_its_end_a_call_finds_no_program(sandbox: LocalSandbox) -> None:
    """And asks for none."""
    rounds = Rounds(sandbox)
    with opened(rounds, []) as session:
        pass
    assert session.call(f("a")).status is Status.NOT_RUN
    assert rounds.count == 1


def answering(*replies: Ran | None) -> tuple[list[Replay], Callable[[Replay, dict[str, str]], Ran | None]]:
    """Answer rounds with these, and the last one for ever; note the requests."""
    requests: list[Replay] = []

    def ask(request: Replay, packed: dict[str, str]) -> Ran | None:
        requests.append(request)
        return replies[min(len(requests), len(replies)) - 1]

    return requests, ask


def reply(*runs: Run, **fields: Any) -> Ran:
    """Make a reply."""
    return Ran(build=messages.WireBuild(ok=True), runs=tuple(map(wire_run, runs)), **fields)


ONE = Run(status=DONE, value=1)


def test_who_breaks_the_rules_has_broken_them_for_good() -> None:
    """Every call after it is a violation, also after a restart, and nothing more is asked."""
    requests, ask = answering(reply(ONE), None)
    with ReplayedSession(Program(source=""), LIMITS, lambda: [f(1)], ask) as session:
        assert session.call(f(1)) == ONE
        assert session.call(f(2)).status is Status.VIOLATION
        session.restart(fresh=True)
        assert session.build.ok, "it is no compile error"
        assert [session.call(f(1)).status for _ in range(3)] == [Status.VIOLATION] * 3
        session.finish()
    assert len(requests) == 2


def test_a_violation_before_any_call_is_one_of_every_call() -> None:
    """Loading the program may have done it."""
    _, ask = answering(None)
    with ReplayedSession(Program(source=""), LIMITS, lambda: [f(1)], ask) as session:
        assert session.build.ok
        assert session.call(f(1)).status is Status.VIOLATION


def test_rounds_are_bounded() -> None:
    """A program that answers otherwise each time makes calls come that nobody foresaw: then it has timed out."""
    requests, ask = answering(reply(ONE))
    with ReplayedSession(Program(source=""), LIMITS, list, ask) as session:
        statuses = [session.call(f(number)).status for number in range(replaying.MOST_ROUNDS + 9)]
        assert len(requests) == replaying.MOST_ROUNDS
        made = replaying.MOST_ROUNDS - 1
        assert statuses == [DONE] * made + [Status.CPU_LIMIT] * 10
        session.restart()
        assert session.call(f(0)).status is DONE, "a new program may need as many"


def test_a_program_that_times_out_where_it_had_not_before_is_asked_once_more() -> None:
    """A machine may have been slow; after that it has timed out."""
    requests, ask = answering(reply(ONE), reply(), reply(ONE))
    with ReplayedSession(Program(source=""), LIMITS, list, ask) as session:
        assert session.call(f(1)) == ONE
    assert len(requests) == 3
    requests, ask = answering(reply())
    with ReplayedSession(Program(source=""), LIMITS, list, ask) as session:
        assert session.call(f(1)).status is Status.CPU_LIMIT
    assert len(requests) == 3


def test_more_runs_than_were_asked_for_are_not_taken() -> None:
    """A lying runner cannot answer calls that nobody made."""
    _, ask = answering(reply(*[ONE] * 50), reply(Run(status=DONE, value=2)))
    with ReplayedSession(Program(source=""), LIMITS, lambda: [f(1), f(2)], ask) as session:
        assert [session.call(f(number)).value for number in (1, 2, 3)] == [1, 1, 2]


def test_times_count_as_on_the_machine_of_the_first_round() -> None:
    """Rounds may be made by machines of different speed, and a judge adds up times against limits of one."""
    half = Run(status=DONE, value=1, cpu_seconds=1.0)
    _, ask = answering(reply(speed=2.0), reply(half, speed=1.0), reply(half, speed=4.0))
    with ReplayedSession(Program(source=""), LIMITS, list, ask) as session:
        assert [session.call(f(number)).cpu_seconds for number in range(2)] == [0.5, 2.0]
        assert session.speed == 2.0


def test_anomalies_of_any_round_are_told() -> None:
    """Each may have been made by another machine."""
    _, ask = answering(reply(anomalies=("ipc",)), reply(ONE, anomalies=("files",)), reply(ONE))
    with ReplayedSession(Program(source=""), LIMITS, list, ask) as session:
        session.call(f(1))
        session.call(f(2))
    assert session.anomalies == ("files", "ipc")


def test_a_program_that_works_where_it_was_not_charged_is_charged() -> None:
    """Calls that bring it to where it was cost what they cost; noise is let pass."""
    cheap = Run(status=DONE, value=1, cpu_seconds=0.1)
    for known_cpu_seconds, charged in ((0.15, 0.1), (0.9, 0.1 + 0.9 - 1.25 * 0.1 - 0.05)):
        first, second = reply(cheap), msgspec.structs.replace(reply(cheap), known_cpu_seconds=known_cpu_seconds)
        _, ask = answering(reply(), first, second)
        with ReplayedSession(Program(source=""), LIMITS, list, ask) as session:
            assert session.call(f(1)).cpu_seconds == pytest.approx(0.1)
            assert session.call(f(2)).cpu_seconds == pytest.approx(charged)


def test_what_was_brought_and_cannot_be_sent_is_not_foreseen() -> None:
    """A value of as many lists as a reply may hold makes no fault of a call that was to take it."""
    many = [[] for _ in range(999_996)]
    _, ask = answering(reply(Run(status=DONE, value=many)), reply(ONE))
    foreseen = [f(1), f(Brought(0)), f(2)]
    with ReplayedSession(Program(source=""), LIMITS, lambda: foreseen, ask) as session:
        assert len(session.call(f(1)).value) == len(many)
        assert session.call(f(2)).value == 1
