"""Calling a function: what comes back is a reply, a loss, or a fault that says what to do.

No AWS can be reached from here. botocore's Stubber stands in for it, with the shapes that the API reference of AWS
Lambda gives; the real emulator is called in tests/conformance.
"""

from __future__ import annotations

import io
import json
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
import pytest
from botocore import exceptions
from botocore.response import StreamingBody
from botocore.stub import Stubber

from sandbox import (
    Build,
    Job,
    LambdaSandbox,
    Outcome,
    Program,
    Run,
    SandboxError,
    SandboxFault,
    SandboxLost,
    SandboxUnavailable,
    Status,
    Stdin,
    UnsupportedLanguage,
)
from sandbox.functions import invoking
from sandbox.functions import sandbox as functions
from sandbox.functions.invoking import Invoker
from sandbox.remote import losses, messages, payload
from sandbox.remote.messages import Ran
from sandbox.remote.translating import failed, ran
from sandbox.runner.ending import ENDED

NAME = "SageMaker-runner"
HIDDEN = "hidden-7491"
EVENT = payload.pack(HIDDEN.encode())
RAN = ran(Outcome(build=Build(ok=True), runs=(Run(status=Status.FINISHED, stdout=b"x"),), layers=("floor",)))
JOB = Job(program=Program(source="print(end='x')"), inputs=(Stdin(b""),))
REPLY = payload.pack(messages.encode(RAN))


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Be nobody, nowhere: no credentials, no region, and no place where they could be found."""
    for name in list(boto3.session.Session()._session.session_var_map):
        monkeypatch.delenv(f"AWS_{name.upper()}", raising=False)
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "DEFAULT_REGION", "REGION", "PROFILE"):
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


def impatient() -> Invoker:
    """Make an invoker that gives up at once when it is refused: nobody waits for it any more."""
    closing = threading.Event()
    closing.set()
    return Invoker(NAME, connections=17, closing=closing)


class Stubbed:
    """An invoker whose client answers as it is told."""

    def __init__(self, client: Any) -> None:
        """Connect to nothing."""
        self.stubber = Stubber(client)
        self.invoker = impatient()
        with mock.patch.object(invoking, "_make_client", return_value=client):
            self.invoker._client(1.0)

    def answer(self, body: Any, *, error: str | None = None) -> None:
        """Answer the next call with this, as JSON unless it is bytes; `error` is the field FunctionError."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer: dict[str, Any] = {"StatusCode": 200, "Payload": StreamingBody(io.BytesIO(data), len(data))}
        if error is not None:
            answer["FunctionError"] = error
        self.stubber.add_response(
            "invoke",
            answer,
            {"FunctionName": NAME, "InvocationType": "RequestResponse", "Payload": json.dumps(EVENT).encode()},
        )

    def refuse(self, code: str, status: int) -> None:
        """Refuse the next call, as Amazon's side does."""
        self.stubber.add_client_error("invoke", code, f"not today, {HIDDEN}", status)

    def ask(self) -> Ran:
        """Call the function."""
        with self.stubber:
            return self.invoker.ask(EVENT, seconds=1.0)

    def fault(self) -> SandboxError:
        """Call the function; return what that raises. It holds nothing of the event, or of what came."""
        with pytest.raises(SandboxError) as caught:
            self.ask()
        assert HIDDEN not in str(caught.value)
        assert caught.value.__cause__ is None
        return caught.value


@pytest.fixture(scope="module")
def client() -> Any:
    """Make a client that could call nothing."""
    return boto3.session.Session().client(
        "lambda",
        region_name="us-east-1",
        aws_access_key_id="of-no-use",
        aws_secret_access_key="of-no-use",  # noqa: S106  # pragma: allowlist secret
    )


@pytest.fixture
def stubbed(client: Any) -> Iterator[Stubbed]:
    """Make one, all of whose answers must be called for."""
    stubbed = Stubbed(client)
    yield stubbed
    stubbed.stubber.assert_no_pending_responses()


def test_a_reply_is_the_reply(stubbed: Stubbed) -> None:
    """The function is called by its name, waits for the answer, and gets the event as JSON."""
    stubbed.answer(REPLY)
    assert stubbed.ask() == RAN


@pytest.mark.parametrize("kind", [SandboxUnavailable, UnsupportedLanguage, SandboxFault, SandboxLost])
def test_a_fault_of_the_runner_is_raised_here(stubbed: Stubbed, kind: type[SandboxError]) -> None:
    """As what it is, with its text."""
    stubbed.answer(payload.pack(messages.encode(failed(kind("raise the time-out")))))
    fault = stubbed.fault()
    assert (type(fault), str(fault)) == (kind, "raise the time-out")


@pytest.mark.parametrize(
    ("code", "status", "kind", "text"),
    [
        ("ResourceNotFoundException", 404, SandboxUnavailable, "there is no function SageMaker-runner; name"),
        ("AccessDeniedException", 403, SandboxUnavailable, "allow lambda:InvokeFunction on it to this role"),
        ("UnrecognizedClientException", 403, SandboxUnavailable, "must not be called from here"),
        ("ExpiredTokenException", 403, SandboxUnavailable, "must not be called from here"),
        ("InvalidSignatureException", 403, SandboxUnavailable, "must not be called from here"),
        ("TooManyRequestsException", 429, SandboxFault, "raise its concurrency, or use fewer workers"),
        ("ServiceException", 500, SandboxFault, "ServiceException"),
        ("ServiceUnavailable", 503, SandboxFault, "ServiceUnavailable"),
        ("EC2ThrottledException", 502, SandboxFault, "EC2ThrottledException"),
        ("ENILimitReachedException", 502, SandboxFault, "ENILimitReachedException"),
        ("RequestTooLargeException", 413, SandboxFault, "RequestTooLargeException"),
        ("", 418, SandboxFault, "status 418"),
        ("502", 502, SandboxLost, "it ended"),
        ("", 502, SandboxLost, "it ended"),
    ],
)
def test_a_refusal_says_what_to_do(
    stubbed: Stubbed, code: str, status: int, kind: type[SandboxError], text: str
) -> None:
    """What an operator must put right is unavailable, and what may pass is a fault.

    A bad gateway without a name is the emulator's word for a function that ended.
    """
    stubbed.refuse(code, status)
    fault = stubbed.fault()
    assert isinstance(fault, kind)
    assert isinstance(fault, SandboxLost) == (kind is SandboxLost)
    assert text in str(fault)
    assert NAME in str(fault)


@pytest.mark.parametrize(("code", "status"), [("TooManyRequestsException", 429), ("ServiceException", 500)])
def test_a_refusal_is_waited_out(stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch, code: str, status: int) -> None:
    """Whoever is throttled comes again, for as long as that may take; pauses are short here."""
    monkeypatch.setattr(invoking, "_FIRST_PAUSE_SECONDS", 0.001)
    stubbed.invoker._closing.clear()
    for _ in range(3):
        stubbed.refuse(code, status)
    stubbed.answer(REPLY)
    assert stubbed.ask() == RAN


def test_a_refusal_is_not_waited_out_for_ever(stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the end it is a fault; the time for it is short here."""
    monkeypatch.setattr(invoking, "_PATIENCE_SECONDS", 0.1)
    stubbed.invoker._closing.clear()
    stubbed.refuse("TooManyRequestsException", 429)
    assert "throttled" in str(stubbed.fault())


ID = "RequestId: 5c1f9e26-6d2a-4a5b-8f10-0b5d0c3e9a11"


@pytest.mark.parametrize(
    ("kind", "text", "error", "raised"),
    [
        ("Runtime.ExitError", f"{ID} Error: Runtime exited with error: signal: killed", "Unhandled", SandboxLost),
        ("Runtime.ExitError", f"{ID} Error: Runtime exited without providing a reason", "Unhandled", SandboxLost),
        ("Runtime.ExitError", f"{ID} Error: Runtime exited with error: exit status 1", "Unhandled", SandboxLost),
        ("Sandbox.Timedout", f"{ID} Error: Task timed out after 120.00 seconds", "Unhandled", SandboxLost),
        (None, f"2026-11-24T10:00:00.000Z {ID} Task timed out after 120.00 seconds", "Unhandled", SandboxLost),
        ("Runtime.OutOfMemory", f"{ID} Error: Runtime exited with error: signal: killed", "Unhandled", SandboxLost),
        ("Function.ResponseSizeTooLarge", "Response payload size exceeded maximum", "Unhandled", SandboxLost),
        ("MemoryError", "", "Unhandled", SandboxLost),
        ("Extension.Crash", f"{ID} Error: exit code 0", "Unhandled", SandboxLost),
        ("Runtime.ImportModuleError", "Unable to import module 'sandbox.runner'", "Unhandled", SandboxUnavailable),
        ("Runtime.HandlerNotFound", "Handler 'x' missing on module 'y'", "Unhandled", SandboxUnavailable),
        ("Runtime.UserCodeSyntaxError", "Syntax error in module 'x'", "Unhandled", SandboxUnavailable),
        ("Runtime.ImportModuleError", "Unable to import module 'x'", None, SandboxUnavailable),
        ("Runtime.ExitError", f"{ID} Error: exit status 1", None, SandboxLost),
    ],
)
def test_a_function_that_failed_is_a_loss_or_has_no_runner(
    stubbed: Stubbed, kind: str | None, text: str, error: str | None, raised: type[SandboxError]
) -> None:
    """In Lambda's shapes, and the emulator's, which leaves FunctionError out."""
    answer: dict[str, Any] = {"errorMessage": f"{text}{HIDDEN}"}
    if kind is not None:
        answer |= {"errorType": kind, "requestId": "5c1f9e26", "stackTrace": [HIDDEN]}
    stubbed.answer(answer, error=error)
    assert type(stubbed.fault()) is raised


@pytest.mark.parametrize(
    "body",
    [
        b"Task timed out after 30.00 seconds",
        b"",
        b"\xff\xfe",
        b"{",
        b"[" * 100_000,
        HIDDEN.encode(),
        json.dumps(REPLY).encode()[:-20],
    ],
    ids=["the emulator's time-out", "nothing", "no text", "half", "deep", "text", "cut off"],
)
def test_what_is_not_json_is_a_loss(stubbed: Stubbed, body: bytes) -> None:
    """It ran out of time, or was cut off; whatever it is, nothing but a loss comes of it."""
    stubbed.answer(body)
    assert type(stubbed.fault()) is SandboxLost


@pytest.mark.parametrize(
    "body",
    [
        None,
        "ok",
        [],
        {},
        {"statusCode": 200, "body": HIDDEN},
        [{"id": "1", "aggregate_reward_score": 1.0}],
        {"errorType": [], "errorMessage": {}},
        payload.pack(b""),
        payload.pack(HIDDEN.encode()),
        payload.pack(messages.encode(messages.Close())),
        payload.pack(messages.encode(messages.Finished())),
        {**REPLY, next(iter(REPLY)): "AAAA"},
    ],
    ids=range(12),
)
def test_the_answer_of_another_function_is_a_loss(stubbed: Stubbed, body: Any) -> None:
    """And so is a message that is no reply to what was asked: where a harmless program is lost too, it is a fault."""
    stubbed.answer(body)
    fault = stubbed.fault()
    assert type(fault) is SandboxLost
    assert "what came is none" in str(fault) or "it ended" in str(fault)


def ended(status: int) -> dict[str, str]:
    """Make what Lambda answers when an environment ends itself."""
    return {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"{ID} Error: Runtime exited with error: exit status {status}",
    }


def test_an_environment_that_ends_itself_is_asked_again(stubbed: Stubbed) -> None:
    """It ended before it looked at the call, so that says nothing of the program, however often it happens."""
    for _ in range(20):
        stubbed.answer(ended(ENDED), error="Unhandled")
    stubbed.answer(REPLY)
    assert stubbed.ask() == RAN


def test_environments_that_end_themselves_without_end_are_a_fault(stubbed: Stubbed) -> None:
    """Never a loss, which would speak against the program."""
    for _ in range(invoking._MOST_ENDED):
        stubbed.answer(ended(ENDED), error="Unhandled")
    fault = stubbed.fault()
    assert type(fault) is SandboxFault
    assert "ended themselves" in str(fault)


@pytest.mark.parametrize("status", [0, 1, 5, 7, 57, 76, 137])
def test_other_exit_statuses_are_losses(stubbed: Stubbed, status: int) -> None:
    """A program that kills the runner must not be able to look like an environment that ended itself."""
    stubbed.answer(ended(status), error="Unhandled")
    assert type(stubbed.fault()) is SandboxLost


@pytest.mark.parametrize("message", [None, 75, {}, "", "exit status 75 and more"])
def test_an_end_in_other_words_is_a_loss(stubbed: Stubbed, message: Any) -> None:
    """Whatever type it has."""
    stubbed.answer({"errorType": "Runtime.ExitError", "errorMessage": message}, error="Unhandled")
    assert type(stubbed.fault()) is SandboxLost


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (exceptions.ReadTimeoutError(endpoint_url="e"), SandboxLost),
        (exceptions.ConnectionClosedError(endpoint_url="e"), SandboxLost),
        (exceptions.IncompleteReadError(actual_bytes=1, expected_bytes=2), SandboxLost),
        (exceptions.ResponseStreamingError(error="reset"), SandboxLost),
        (exceptions.EndpointConnectionError(endpoint_url="e"), SandboxFault),
        (exceptions.ConnectTimeoutError(endpoint_url="e"), SandboxFault),
        (exceptions.ParamValidationError(report="name"), SandboxUnavailable),
        (exceptions.UnknownEndpointError(service_name="lambda", region_name="x"), SandboxUnavailable),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_an_error_on_the_way(error: Exception, kind: type[SandboxError]) -> None:
    """After the call was sent it may have run: a loss. Before that no program did it, and what is set is wrong, or not.

    The client is a mock: such errors cannot be brought about here.
    """
    invoker = impatient()
    client = mock.Mock()
    client.invoke.side_effect = error
    with mock.patch.object(invoking, "_make_client", return_value=client), pytest.raises(SandboxError) as caught:
        invoker.ask(EVENT, seconds=1.0)
    assert isinstance(caught.value, kind)
    assert isinstance(caught.value, SandboxLost) == (kind is SandboxLost)


def test_without_a_region_or_credentials_no_function_can_be_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is named, before anything is sent."""
    with pytest.raises(SandboxUnavailable, match="region"):
        impatient().ask(EVENT, seconds=1.0)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with pytest.raises(SandboxUnavailable, match="credentials"):
        impatient().ask(EVENT, seconds=1.0)
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(SandboxUnavailable, match="nobody"):
        impatient().ask(EVENT, seconds=1.0)


def test_without_boto3_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra, which only those need who call functions."""
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.setitem(sys.modules, "botocore", None)
    with pytest.raises(SandboxUnavailable, match=r"pip install 'rlvr-verifier\[aws\]'"):
        impatient().ask(EVENT, seconds=1.0)


@pytest.mark.parametrize(("seconds", "least", "most"), [(0.1, 60, 200), (100, 100, 260), (1e9, 900, 1100)])
def test_it_is_waited_for_as_long_as_the_function_may_take(
    monkeypatch: pytest.MonkeyPatch, seconds: float, least: float, most: float
) -> None:
    """With the adaptive way of trying again, connections for all callers, and packets while nothing is said."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    invoker = impatient()
    client = invoker._client(seconds)
    config: Any = client.meta.config
    assert least <= config.read_timeout <= most
    assert config.max_pool_connections == 17
    assert config.retries["mode"] == "adaptive"
    assert config.tcp_keepalive
    assert invoker._client(seconds) is client


class Script:
    """In place of `Invoker`: answers or raises what it is told, in order, the last for ever."""

    def __init__(self, *said: Ran | SandboxError, harmless: Ran | SandboxError) -> None:
        """Take what to answer."""
        self._said = said
        self._harmless = harmless
        self.asked = 0
        self.harmless = 0

    def ask(self, event: dict[str, str], *, seconds: float) -> Ran:
        """Answer, or raise."""
        if event == payload.pack(messages.encode(functions._HARMLESS)):
            self.harmless += 1
            said = self._harmless
        else:
            self.asked += 1
            said = self._said[min(self.asked, len(self._said)) - 1]
        if isinstance(said, SandboxError):
            raise said
        return said


def outcome_of(script: Script) -> Outcome:
    """Run a job of one input against a script."""
    sandbox = LambdaSandbox(NAME, 1)
    sandbox._invoker = script  # type: ignore[assignment]
    return sandbox.run(JOB)


LOST = SandboxLost("lost")


def test_an_accident_is_no_verdict() -> None:
    """Lost twice, answered the third time, with harmless programs between: the answer counts."""
    script = Script(LOST, LOST, RAN, harmless=RAN)
    assert outcome_of(script).runs[0].stdout == b"x"
    assert script.asked == 3
    assert script.harmless >= 6


def test_a_program_that_ends_the_runner_each_time_broke_the_rules() -> None:
    """Where nothing keeps it from that, and harmless programs live."""
    script = Script(LOST, harmless=RAN)
    outcome = outcome_of(script)
    assert outcome.runs == (Run(status=Status.VIOLATION),)
    assert outcome.build.ok
    assert script.asked == 3
    assert script.harmless >= 9


def test_where_harmless_programs_are_lost_it_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are sent several times before that is said."""
    monkeypatch.setattr(losses, "_FIRST_PAUSE_SECONDS", 0.001)
    script = Script(LOST, harmless=LOST)
    with pytest.raises(SandboxFault, match="harmless programs are lost there too: lost"):
        outcome_of(script)
    assert script.asked == 1
    assert script.harmless > 3


def test_a_harmless_program_that_does_not_end_well_is_a_fault() -> None:
    """The place is broken: it says nothing of the program."""
    broken = ran(Outcome(build=Build(ok=True), runs=(Run(status=Status.VIOLATION),), layers=("floor",)))
    with pytest.raises(SandboxFault, match="cannot run a program that does nothing"):
        outcome_of(Script(LOST, harmless=broken))


@pytest.mark.parametrize("fault", [SandboxUnavailable("none"), SandboxFault("throttled")])
def test_a_fault_is_raised_at_once(fault: SandboxError) -> None:
    """Trying again is `Verifier`'s matter."""
    script = Script(fault, harmless=RAN)
    with pytest.raises(type(fault), match=str(fault)):
        outcome_of(script)
    assert script.asked == 1


def test_other_languages_are_refused() -> None:
    """Before anything is called."""
    with pytest.raises(UnsupportedLanguage, match="ruby"):
        LambdaSandbox(NAME).check_language("ruby")
    LambdaSandbox(NAME).check_language("python")


class Busy:
    """In place of `Invoker`: answers when it is let, and counts the calls that are under way."""

    def __init__(self) -> None:
        """Answer nobody yet."""
        self.let = threading.Event()
        self.begun = threading.Semaphore(0)
        self._lock = threading.Lock()
        self._now = 0
        self.most = 0

    def ask(self, event: dict[str, str], *, seconds: float) -> Ran:
        """Wait, and answer."""
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self.begun.release()
        self.let.wait(20)
        with self._lock:
            self._now -= 1
        return RAN


def test_no_more_calls_than_workers_are_under_way() -> None:
    """Others wait their turn, and each is served."""
    busy = Busy()
    with LambdaSandbox(NAME, 2) as sandbox, ThreadPoolExecutor(6) as threads:
        sandbox._invoker = busy  # type: ignore[assignment]
        outcomes = [threads.submit(sandbox.run, JOB) for _ in range(6)]
        for _ in range(2):
            assert busy.begun.acquire(timeout=20)
        assert not busy.begun.acquire(timeout=0.1)
        busy.let.set()
        assert [outcome.result().runs[0].stdout for outcome in outcomes] == [b"x"] * 6
    assert busy.most == 2


def test_closing_waits_for_no_call() -> None:
    """What is under way is a fault at once, what waits its turn too, and so is all that comes after."""
    busy = Busy()
    sandbox = LambdaSandbox(NAME, 1)
    sandbox._invoker = busy  # type: ignore[assignment]
    with ThreadPoolExecutor(2) as threads:
        outcomes = [threads.submit(sandbox.run, JOB) for _ in range(2)]
        assert busy.begun.acquire(timeout=20)
        sandbox.close()
        for outcome in outcomes:
            with pytest.raises(SandboxFault, match="the sandbox was closed"):
                outcome.result(timeout=10)
    with pytest.raises(SandboxFault, match="the sandbox was closed"):
        sandbox.run(JOB)
    busy.let.set()
