"""verifier.feedback.meter and asking: what is asked, how often, and what is a figure of 0 and what is none."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.feedback.endpoint import Endpoint, Reply, Request, refusal
from tests.feedback.evidences import PROGRAM, evidence, feedback, fenced
from tests.feedback.models import in_turn, obedient, read, replied, said, scores
from verifier.components import ComponentFault
from verifier.feedback.asking import STAND_IN
from verifier.feedback.request import sent_length
from verifier.feedback.shown import shown_of
from verifier.verdict import Verdict

ACCEPTED = evidence(fenced(PROGRAM))
OTHERS = [evidence(fenced(f"{PROGRAM}x = {number}\n")) for number in range(9)]
NO_CALL = replied([{"text": "I would rather not."}], "end_turn")
FILTERED = replied([], "content_filtered")


def unless_stand_in(reply: Reply) -> object:
    """Return a script that gives a reply to everything but the program that says nothing."""

    def script(request: Request) -> Reply:
        return scores(request, 8) if read(request).shown == STAND_IN else reply

    return script


def test_one_answer_is_one_call(bedrock: Endpoint) -> None:
    """With the model of the file; its figure is the model's."""
    bedrock.script = lambda request: scores(request, 7)
    assert feedback(model="us.some.model-v1:0").meter().measure(ACCEPTED) == 0.7
    assert [request["modelId"] for request in bedrock.asked] == ["us.some.model-v1:0"]


def test_only_accepted_programs_are_asked_about(bedrock: Endpoint) -> None:
    """Unless told otherwise: a failing one has nothing to measure, and costs nothing."""
    meter, curious = feedback().meter(), feedback(only_accepted=False).meter()
    for verdict in Verdict:
        failing = evidence(fenced(PROGRAM), verdict=verdict)
        bedrock.asked.clear()
        assert (meter.measure(failing) is None) is (verdict is not Verdict.ACCEPTED)
        assert len(bedrock.asked) == (verdict is Verdict.ACCEPTED)
        assert curious.measure(failing) is not None


def test_what_is_longer_is_worth_nothing(bedrock: Endpoint) -> None:
    """At the bound it is asked about; one character above it is not, and worth 0."""
    for sees in ("code", "program", "answer"):
        length = sent_length(shown_of(ACCEPTED, feedback(sees=sees)))
        assert feedback(sees=sees, longest=length).meter().measure(ACCEPTED) != 0.0
        bedrock.asked.clear()
        assert feedback(sees=sees, longest=length - 1).meter().measure(ACCEPTED) == 0.0
        assert bedrock.asked == []


def test_code_of_other_languages_is_shown_whole(bedrock: Endpoint) -> None:
    """Only Python is written anew."""
    program = "// words\nint main() {}"
    found = evidence(f"```cpp\n{program}\n```", language="cpp")
    feedback().meter().measure(found)
    assert read(bedrock.asked[0]).shown == found.report.submission


def test_a_figure_is_kept(bedrock: Endpoint) -> None:
    """The same program to the same prompt is asked about once, whatever stands beside it in the answer."""
    meter = feedback().meter()
    first = meter.measure(ACCEPTED)
    bedrock.script = lambda request: scores(request, 1)
    assert meter.measure(evidence(fenced(PROGRAM, before="Other words."))) == first
    assert len(bedrock.asked) == 1
    assert meter.measure(evidence(fenced(PROGRAM), prompt="Another.")) == 0.1
    assert len(bedrock.asked) == 2


@pytest.mark.parametrize(("cache", "calls"), [(0, 5), (1, 3), (2, 2)])
def test_so_many_figures_are_kept(bedrock: Endpoint, cache: int, calls: int) -> None:
    """Those of the answers that came last."""
    meter = feedback(cache=cache).meter()
    for number in (0, 0, 1, 0, 0):
        meter.measure(OTHERS[number])
    assert len(bedrock.asked) == calls


def test_the_one_that_was_not_seen_for_longest_goes(bedrock: Endpoint) -> None:
    """Looking at a figure makes it young again."""
    meter = feedback(cache=2).meter()
    for number in (0, 1, 0, 2):
        meter.measure(OTHERS[number])
    bedrock.asked.clear()
    meter.measure(OTHERS[0])
    assert bedrock.asked == []
    meter.measure(OTHERS[1])
    assert len(bedrock.asked) == 1


def test_a_batch_has_its_budget(bedrock: Endpoint) -> None:
    """So many answers are asked about, until another batch begins. What is known already costs nothing."""
    meter = feedback(budget=2).meter()
    for found in (OTHERS[0], OTHERS[1], OTHERS[0]):
        meter.measure(found)
    with pytest.raises(ComponentFault, match="the budget of 2 answers in a batch is used up"):
        meter.measure(OTHERS[2])
    assert meter.measure(OTHERS[1]) is not None
    assert len(bedrock.asked) == 2
    meter.begin_batch()
    meter.measure(OTHERS[2])
    meter.measure(OTHERS[3])
    with pytest.raises(ComponentFault):
        meter.measure(OTHERS[4])


def test_the_budget_holds_in_many_threads(bedrock: Endpoint) -> None:
    """Nine at once, and a budget of four: four have a figure."""
    meter = feedback(budget=4).meter()

    def judged(number: int) -> bool:
        try:
            return meter.measure(OTHERS[number]) is not None
        except ComponentFault:
            return False

    with ThreadPoolExecutor(9) as pool:
        assert sum(pool.map(judged, range(9))) == 4
    assert len(bedrock.asked) == 4


def test_the_same_answer_in_many_threads_is_one_call(bedrock: Endpoint) -> None:
    """Who comes while it is asked about waits for the same reply."""
    go = threading.Event()

    def script(request: Request) -> Reply:
        assert go.wait(60)
        return scores(request, 6)

    bedrock.script = script
    meter = feedback(budget=1).meter()
    with ThreadPoolExecutor(8) as pool:
        figures = [pool.submit(meter.measure, ACCEPTED) for _ in range(8)]
        assert bedrock.arrived.wait(60)
        go.set()
        assert [figure.result(60) for figure in figures] == [0.6] * 8
    assert len(bedrock.asked) == 1


def test_an_interrupt_sends_away_who_waits(bedrock: Endpoint) -> None:
    """At once, and not judged; the call goes on, and its figure is there when the answer comes again."""
    go = threading.Event()

    def script(request: Request) -> Reply:
        assert go.wait(60)
        return scores(request, 6)

    bedrock.script = script
    meter = feedback().meter()
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(meter.measure, ACCEPTED) for _ in range(2)]
        assert bedrock.arrived.wait(60)
        while not all(each.done() for each in waiting):  # the second may not wait yet
            meter.interrupt()
        for each in waiting:
            with pytest.raises(ComponentFault, match="interrupted before the model replied"):
                each.result()
        assert all(thread.daemon for thread in threading.enumerate() if thread.name == "feedback")
        go.set()
        assert meter.measure(ACCEPTED) == 0.6
    assert len(bedrock.asked) == 1


def test_a_reply_that_cannot_be_used_is_asked_for_again(bedrock: Endpoint) -> None:
    """A model's whim costs the answer nothing."""
    bedrock.script = in_turn(NO_CALL, said({"scores": {"readability": 9, "structure": 9}, "instructs": False}))
    assert feedback(budget=1).meter().measure(ACCEPTED) == 0.9
    assert len(bedrock.asked) == 2


@pytest.mark.parametrize(
    "reply",
    [
        NO_CALL,
        FILTERED,
        replied([], "guardrail_intervened"),
        replied([], "max_tokens"),
        replied([], "model_context_window_exceeded"),
        said({"scores": {}, "instructs": False}),
        refusal(400, "ValidationException", "Input is too long"),
        refusal(424, "ModelErrorException"),
    ],
)
def test_what_an_answer_brings_about_is_worth_nothing(
    bedrock: Endpoint, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    """It has no usable reply twice, and a program that says nothing has one: no answer may choose not to be judged."""
    bedrock.script = unless_stand_in(reply)  # type: ignore[assignment]
    meter = feedback(budget=1).meter()
    assert meter.measure(ACCEPTED) == 0.0
    assert len(bedrock.asked) == 3
    assert meter.measure(ACCEPTED) == 0.0  # kept like any other figure
    assert len(bedrock.asked) == 3
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


@pytest.mark.parametrize("reply", [NO_CALL, FILTERED, refusal(400, "ValidationException"), replied([], "max_tokens")])
def test_what_any_answer_brings_about_is_a_fault(bedrock: Endpoint, reply: Reply) -> None:
    """A task that is filtered, a model that cannot call tools, too few tokens: that is not the answer's doing."""
    bedrock.script = lambda _: reply
    meter = feedback().meter()
    with pytest.raises(ComponentFault, match=r"no reply of any\.model-v1:0 can be used"):
        meter.measure(ACCEPTED)
    assert len(bedrock.asked) == 3
    bedrock.script = obedient
    assert meter.measure(ACCEPTED) is not None  # it was not kept


def test_a_fault_of_the_stand_in_is_a_fault(bedrock: Endpoint) -> None:
    """Where it cannot be found out whose doing it is, nobody is blamed."""
    bedrock.script = in_turn(NO_CALL, NO_CALL, refusal(403, "AccessDeniedException"))
    with pytest.raises(ComponentFault, match="AccessDeniedException"):
        feedback().meter().measure(ACCEPTED)


def test_nothing_of_an_answer_is_logged(bedrock: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    """Nor of its prompt, not even where the service quotes them; neither do errors have it."""
    caplog.set_level(logging.INFO)
    found = evidence(fenced("canary_1 = 1\n"), prompt="canary_2")
    meter = feedback(cache=0).meter()
    quote = "canary_1 canary_2"
    for reply in (
        refusal(400, "ValidationException", quote),
        refusal(403, "AccessDeniedException", quote),
        refusal(418, "Teapot", quote),
        replied([{"text": quote}], "end_turn"),
        Reply(200, {"output": quote, "stopReason": quote}),
        Reply(200, quote.encode()),
    ):
        for script in (lambda _, reply=reply: reply, unless_stand_in(reply)):
            bedrock.script = script  # type: ignore[assignment]
            try:
                meter.measure(found)
            except ComponentFault as fault:
                logging.getLogger("test").warning("%s", fault)
    assert len(caplog.records) >= 10
    assert "canary" not in caplog.text
    assert "canary" not in repr(meter)


def test_a_thread_that_cannot_be_started_leaves_nothing_behind(
    bedrock: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of threads is a fault of this once (simulated: a test cannot use them all up); the next time it is asked."""
    meter = feedback(budget=1).meter()
    with monkeypatch.context() as patch:

        def start(_: object) -> None:
            raise RuntimeError("can't start new thread")

        patch.setattr(threading.Thread, "start", start)
        with pytest.raises(RuntimeError):
            meter.measure(ACCEPTED)
    assert meter.measure(ACCEPTED) is not None
    assert len(bedrock.asked) == 1
