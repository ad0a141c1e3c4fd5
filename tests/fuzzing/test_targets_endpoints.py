"""Targets out of this process: HTTP, the real emulator, Lambda's calls, and this verifier."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from unittest import mock

import pytest

from tests.functions.endpoint import endpoint
from tests.functions.runners import GRADER, called_at, emulator_binary
from verifier.aws.emulator import Emulator
from verifier.fuzzing.exploits import problem
from verifier.fuzzing.fences import fenced
from verifier.fuzzing.target import TargetBroken
from verifier.fuzzing.targets import TargetError, open_subject, open_target
from verifier.policy import Binary

ROOT = Path(__file__).parents[2]
SUITE = problem("sum-stdio").suite
RIGHT = fenced(problem("sum-stdio").reference)
WRONG = fenced("print(7)")


class _Says(BaseHTTPRequestHandler):
    """Replies as the answer says: its first line is a status, the rest the body."""

    def do_POST(self) -> None:
        """Serve one call."""
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, _, body = event[0]["messages"][-1]["content"].partition("\n")
        self.send_response(int(status))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@pytest.fixture
def says() -> Iterator[str]:
    """Serve `_Says`; return the address."""
    with HTTPServer(("127.0.0.1", 0), _Says) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/grade?x=1"
        server.shutdown()
        thread.join()


def test_an_endpoint_is_asked_with_an_event(says: str) -> None:
    """A list, or an HTTP envelope, is a reply; this machine is in its reach."""
    target = open_target(says)
    assert target.exposed
    assert target.pay('200\n[{"id": "1", "aggregate_reward_score": 0.5}]', SUITE) == 0.5
    body = json.dumps(json.dumps([{"id": "1", "aggregate_reward_score": 0.25}]))
    assert target.pay(f'200\n{{"statusCode": 200, "body": {body}}}', SUITE) == 0.25
    assert target.renewed(1) is None
    target.close()


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("500\n[]", "status 500"), ("200\nTask timed out", "not JSON"), ("200\n[]", "list of one"),
        ('200\n{"errorType": "Oops"}', "failed with Oops"), ("200\n" + "[" * 100_000, "not JSON"),
    ],
)  # fmt: skip
def test_an_endpoint_that_breaks_says_how(says: str, reply: str, told: str) -> None:
    """Errors, nonsense and time-outs are no rewards."""
    with pytest.raises(TargetBroken, match=told):
        open_target(says).pay(reply, SUITE)


def test_the_real_emulator_is_a_target_by_http_and_by_lambda() -> None:
    """Our handler under Amazon's emulator: at its own address, and by the name and the ARN of a function."""
    arn = "arn:aws:lambda:us-east-1:000000000000:function:SageMaker-grader"
    with Emulator({"VERIFIER_RIE": emulator_binary()}, handler=GRADER, timeout_seconds=60) as function:
        url = f"{function.endpoint}/2015-03-31/functions/function/invocations"
        with contextlib.closing(open_target(url)) as target:
            assert target.pay(RIGHT, SUITE) == 1.0
            assert target.pay(WRONG, SUITE) == -0.8
        address = function.endpoint.removeprefix("http://")
        with (
            endpoint({"SageMaker-grader": [address], arn.replace(":", "%3A"): [address]}) as server,
            called_at(server.url),
        ):
            for name in ("lambda:SageMaker-grader", arn):
                with contextlib.closing(open_target(name)) as target:
                    assert not target.exposed
                    assert target.pay(RIGHT, SUITE) == 1.0
                    assert target.pay(WRONG, SUITE) == -0.8
            with (
                contextlib.closing(open_target("lambda:nobody")) as target,
                pytest.raises(TargetBroken, match="ResourceNotFound"),
            ):
                target.pay(RIGHT, SUITE)


def test_a_function_without_a_region_is_one_clear_error() -> None:
    """Nothing is called."""
    names = ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    with (
        mock.patch.dict(os.environ, environment | {"AWS_CONFIG_FILE": "/dev/null"}, clear=True),
        pytest.raises(TargetError, match="region"),
    ):
        open_target("lambda:grader")


def test_this_verifier_is_a_target() -> None:
    """With its own policy and range, here and in a process of its own; nothing reaches this machine."""
    with contextlib.closing(open_target("verifier", policy="binary")) as target:
        assert (target.range, target.exposed, target.is_ours) == ((-1.0, 1.0), False, True)
        assert target.pay(RIGHT, SUITE) == 1.0
        assert target.pay(WRONG, SUITE) == -1.0
        assert target.carries(problem("sort-call").suite)
        renewed = target.renewed(3)
        assert renewed is not None
        with contextlib.closing(renewed):
            assert renewed.pay(RIGHT, SUITE) == 1.0
            assert renewed.pay(WRONG, SUITE) == -1.0


def test_parts_of_verifiers_are_no_targets() -> None:
    """Policies, comparators and extractors are opened as parts, told by what they are."""
    for text, kind in {
        "policy:binary": "policy",
        "tests.fuzzing.graders_odd:half": "policy",
        "tests.fuzzing.graders_odd:Half": "policy",
        "tests.fuzzing.graders_odd:zip_words": "comparator",
        "verifier.extraction:extract": "extractor",
    }.items():
        part = open_subject(text, path=(str(ROOT),))
        assert getattr(part, "kind", None) == kind, text
    with pytest.raises(TargetError, match="is a policy"):
        open_target("policy:binary")
    assert open_subject("policy:binary").value == Binary()  # type: ignore[union-attr]
