"""Programs in other languages over the runner protocol: a runner says what it has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox import Limits, LocalSandbox, Program, Status, Stdin, UnsupportedLanguage
from sandbox.remote import messages, payload
from sandbox.remote.messages import Failed, Ran
from sandbox.remote.translating import fault_of, run_job
from sandbox.runner.function import Function
from tests.languages.needs import need


@pytest.fixture(scope="module")
def function() -> Iterator[Function]:
    """Make a runner that has what this machine has."""
    with LocalSandbox(1, holds_no_secrets=True) as sandbox:
        yield Function(lambda: sandbox)


def _ask(function: Function, language: str, source: str) -> messages.Reply:
    request = run_job(Program(source=source, language=language), Limits(cpu_seconds=1), [Stdin(b"")], fresh=False)
    return messages.decode_reply(payload.unpack(function(payload.pack(messages.encode(request)), None)))


def test_a_program_is_built_and_run(function: Function) -> None:
    """What the compiler says travels as well."""
    need("c")
    reply = _ask(function, "c", '#include <stdio.h>\nint main(void) { puts("made"); }')
    assert isinstance(reply, Ran)
    assert [(run.status, run.stdout) for run in reply.runs] == [(Status.FINISHED, b"made\n")]
    reply = _ask(function, "c", "int main(void) { return x; }")
    assert isinstance(reply, Ran)
    assert not reply.build.ok
    assert b"undeclared" in reply.build.message


def test_a_language_that_a_runner_lacks_is_told_by_name(function: Function) -> None:
    """It is the error that the caller's own sandbox would have raised."""
    reply = _ask(function, "cobol", "STOP RUN.")
    assert isinstance(reply, Failed)
    error = fault_of(reply)
    assert isinstance(error, UnsupportedLanguage)
    assert "'cobol'" in str(error)
