"""The fake sandbox does what it is told, and notes what it was asked."""

from __future__ import annotations

import pytest

from sandbox import Build, Call, Job, Limits, Outcome, Program, Run, Sandbox, SandboxFault, Status, Stdin
from sandbox.fake import FakeSandbox

JOB = Job(program=Program(source="never run"), inputs=(Stdin(b"1"), Stdin(b"2")))


def test_it_answers_jobs_as_told_and_notes_them() -> None:
    """The answer may depend on the job, and nothing is run."""
    fake = FakeSandbox(lambda job: Outcome(build=Build(ok=True), runs=(Run(status=Status.FINISHED),) * len(job.inputs)))
    sandbox: Sandbox = fake
    sandbox.check_language("any")
    assert [run.status for run in sandbox.run(JOB).runs] == [Status.FINISHED] * 2
    assert sandbox.run(JOB).build.ok
    assert fake.jobs == [JOB, JOB]
    sandbox.close()


def test_it_answers_calls_as_told() -> None:
    """A session of it answers with a live program's runs."""
    sandbox: Sandbox = FakeSandbox(reply=lambda call: Run(status=Status.FINISHED, value=call.args))
    with sandbox.open(JOB.program, Limits()) as session:
        assert session.build.ok
        assert session.layers == ()
        assert session.call(Call(function="f", args=(1, 2))).value == (1, 2)
        session.restart()


def test_it_raises_what_it_is_told_to_raise() -> None:
    """Faults of a sandbox can be played, and the job counts as given."""

    def fail(job: Job) -> Outcome:
        raise SandboxFault("played")

    fake = FakeSandbox(fail)
    with pytest.raises(SandboxFault, match="played"):
        fake.run(JOB)
    assert fake.jobs == [JOB]


def test_it_invents_nothing() -> None:
    """What it was not told is an error of the test that uses it, never an empty outcome."""
    with pytest.raises(ValueError, match="no outcome"):
        FakeSandbox().run(JOB)
    with pytest.raises(ValueError, match="no reply"):
        FakeSandbox().open(JOB.program, Limits())
