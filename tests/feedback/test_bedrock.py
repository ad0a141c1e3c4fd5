"""verifier.feedback.bedrock: what goes wrong on the way to a model is a fault, told without a word of the answer."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.feedback.endpoint import Endpoint, Reply, Request, refusal
from tests.feedback.evidences import PROGRAM, evidence, feedback, fenced
from tests.feedback.models import in_turn, said, scores
from verifier.components import ComponentFault, Panel

ACCEPTED = evidence(fenced(PROGRAM))
SEVEN = said({"scores": {"readability": 7, "structure": 7}, "instructs": False})
THROTTLED = refusal(429, "ThrottlingException", "Too many requests, please wait before trying again.")
ROOT = Path(__file__).parents[2]
ONE_METER = feedback().meter()
"""For many examples; connects where the first of them finds the server."""


@pytest.mark.parametrize("reply", [THROTTLED, refusal(503, "ServiceUnavailableException"), refusal(500, "Internal")])
def test_what_passes_is_waited_out(bedrock: Endpoint, reply: Reply) -> None:
    """Refused twice and then served: three attempts are enough, and one answer is one of the budget."""
    bedrock.script = in_turn(reply, reply, SEVEN)
    assert feedback(attempts=3, budget=1).meter().measure(ACCEPTED) == 0.7
    assert len(bedrock.asked) == 3


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (THROTTLED, "ThrottlingException; ask for a higher quota, or use fewer workers"),
        (refusal(503, "ServiceUnavailableException"), "ServiceUnavailableException"),
        (refusal(408, "ModelTimeoutException"), "ModelTimeoutException"),
        (refusal(429, "ModelNotReadyException"), "ModelNotReadyException"),
    ],
)
def test_what_does_not_pass_is_a_fault(bedrock: Endpoint, reply: Reply, code: str) -> None:
    """So many attempts are made, one fewer than would be served; the answer is not judged, and may come again."""
    bedrock.script = in_turn(reply, reply, SEVEN)
    meter = feedback(attempts=2 if reply.status in (429, 503) else 1).meter()
    with pytest.raises(ComponentFault, match=code):
        meter.measure(ACCEPTED)
    bedrock.script = in_turn(SEVEN)
    assert meter.measure(ACCEPTED) == 0.7


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (refusal(403, "AccessDeniedException"), "AccessDeniedException; allow bedrock:InvokeModel on the model"),
        (refusal(404, "ResourceNotFoundException"), "there is no such model in this region"),
        (refusal(403, "ExpiredTokenException"), "renew the credentials"),
        (refusal(403, "UnrecognizedClientException"), "renew the credentials"),
        (refusal(400, "ServiceQuotaExceededException"), "ask for a higher quota"),
        (refusal(418, "Teapot"), r"Teapot; see docs/feedback\.md"),
    ],
)
def test_what_an_operator_can_mend_is_said(bedrock: Endpoint, reply: Reply, words: str) -> None:
    """At once, without another attempt."""
    bedrock.script = lambda _: reply
    with pytest.raises(ComponentFault, match=words):
        feedback(attempts=3).meter().measure(ACCEPTED)
    assert len(bedrock.asked) == 1


def test_a_model_that_is_too_slow_is_a_fault(bedrock: Endpoint) -> None:
    """An attempt that takes longer than it may is given up; one that does not is served."""
    release = threading.Event()

    def never(request: Request) -> Reply:
        release.wait(60)
        return scores(request, 9)

    bedrock.script = never
    try:
        with pytest.raises(ComponentFault, match="ReadTimeoutError"):
            feedback(seconds=0.1).meter().measure(ACCEPTED)
    finally:
        release.set()
    assert feedback(seconds=60).meter().measure(ACCEPTED) == 0.9


def test_nobody_there_is_a_fault(bedrock: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network without a way to Bedrock."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:9")
    with pytest.raises(ComponentFault, match="EndpointConnectionError"):
        feedback().meter().measure(ACCEPTED)


def test_no_credentials_are_a_fault(bedrock: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is sent."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(ComponentFault, match="NoCredentialsError"):
        feedback().meter().measure(ACCEPTED)
    assert bedrock.asked == []


def test_no_region_is_a_fault_unless_the_file_names_one(bedrock: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """The region of the file wins over the environment's."""
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_REGION", raising=False)
    with pytest.raises(ComponentFault, match="Bedrock cannot be called: You must specify a region"):
        feedback().meter().measure(ACCEPTED)
    bedrock.script = in_turn(SEVEN)
    assert feedback(region="eu-central-1").meter().measure(ACCEPTED) == 0.7


def test_no_boto3_is_a_fault(bedrock: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(ComponentFault, match=r"pip install 'rlvr-verifier\[aws\]'"):
        feedback().meter().measure(ACCEPTED)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.sampled_from([b"", b"null", b"[]", b"7", b'{"output": {}}', b'{"output": "x"}']))
def test_bytes_that_are_no_response_are_a_fault(bedrock: Endpoint, body: bytes) -> None:
    """Whatever comes with status 200: no answer can make Bedrock speak another language."""
    bedrock.script = lambda _: Reply(200, body)
    with pytest.raises(ComponentFault):
        ONE_METER.measure(ACCEPTED)


def test_the_gate_lets_none_through(bedrock: Endpoint) -> None:
    """A fault is None for this component, and the others have their figures."""
    panel = Panel({"ai_feedback": feedback()})
    bedrock.script = in_turn(refusal(403, "AccessDeniedException"))
    assert panel.measure(ACCEPTED) == {"correctness": 1.0, "ai_feedback": None}
    bedrock.script = in_turn(SEVEN)
    assert panel.measure(ACCEPTED) == {"correctness": 1.0, "ai_feedback": 0.7}


HANGS = """
import threading
from tests.feedback.evidences import PROGRAM, evidence, feedback, fenced
meter = feedback().meter()
threading.Thread(target=meter.measure, args=(evidence(fenced(PROGRAM)),), daemon=True).start()
input()
"""


def test_a_call_under_way_does_not_hold_up_the_end_of_the_process(bedrock: Endpoint) -> None:
    """A process whose main thread ends while a model is silent ends with it."""
    release = threading.Event()

    def never(request: Request) -> Reply:
        release.wait(60)
        return scores(request, 9)

    bedrock.script = never
    process = subprocess.Popen([sys.executable, "-c", HANGS], cwd=ROOT, env=dict(os.environ), stdin=subprocess.PIPE)
    try:
        assert bedrock.arrived.wait(60)
        process.communicate(b"\n", timeout=45)  # less than the model is silent
        assert process.returncode == 0
    finally:
        release.set()
        process.kill()
