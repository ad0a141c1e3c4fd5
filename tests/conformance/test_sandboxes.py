"""One suite of cases over every sandbox: what is not named as a difference is the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from sandbox import (
    Call,
    DockerSandbox,
    Job,
    LambdaSandbox,
    Limits,
    LocalSandbox,
    Program,
    Sandbox,
    SandboxFault,
    Status,
    Stdin,
)
from sandbox.errors import UnsupportedLanguage
from tests.conformance.cases import (
    DIALOGS,
    DIFFERENCES,
    IN_OTHER_LANGUAGES,
    JOBS,
    QUICK,
    TALKS,
    Case,
    Dialog,
    Told,
    told_of,
)
from tests.functions.runners import called_at, runners, runners_behind_endpoint

LOCAL, DOCKER, EMULATOR, FUNCTION = "local", "docker", "emulator", "function"
BACKENDS = (
    LOCAL,
    pytest.param(DOCKER, id=DOCKER),
    pytest.param(EMULATOR, id=EMULATOR, marks=pytest.mark.emulator),
    pytest.param(FUNCTION, id=FUNCTION, marks=pytest.mark.emulator),
)
"""Processes here; a container; a runner under an emulator, called directly; and behind an endpoint like Lambda's."""


@pytest.fixture(scope="module", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> Iterator[tuple[str, Sandbox]]:
    """Open each sandbox in turn, by its name."""
    match request.param:
        case "docker":
            with DockerSandbox(request.getfixturevalue("verifier_image"), workers=1) as docker:
                yield DOCKER, docker
        case "emulator":
            with runners(1, {}) as (runner,), called_at(runner.endpoint), LambdaSandbox("function", 1) as function:
                yield EMULATOR, function
        case "function":
            with runners_behind_endpoint(2) as name, LambdaSandbox(name, 2) as function:
                yield FUNCTION, function
        case _:
            yield LOCAL, request.getfixturevalue("sandbox")


def expected(name: str, case: Case) -> tuple[Told, ...]:
    """Return what must come of a case in a sandbox."""
    kind = FUNCTION if name in (EMULATOR, FUNCTION) else name
    return DIFFERENCES.get(kind, {}).get(case.name, case.told)


@pytest.mark.parametrize("case", JOBS, ids=lambda case: case.name)
def test_a_job_has_the_same_outcome(backend: tuple[str, Sandbox], case: Case) -> None:
    """Statuses, outputs, values and names of errors are those of the case, or of the stated difference."""
    name, sandbox = backend
    outcome = sandbox.run(case.job)
    told = expected(name, case)
    assert len(outcome.runs) == len(told)
    found = tuple(told_of(*each) for each in zip(outcome.runs, case.inputs, told, strict=True))
    assert found == told
    assert "floor" in outcome.layers
    assert outcome.anomalies == ()


@pytest.mark.parametrize("foresight", ["all", "nothing", "the wrong"])
@pytest.mark.parametrize("dialog", [*DIALOGS, *TALKS], ids=lambda dialog: dialog.name)
def test_a_session_goes_the_same_way(backend: tuple[str, Sandbox], dialog: Dialog, foresight: str) -> None:
    """Whatever calls are foreseen, each has the answer that a living program gives."""
    _, sandbox = backend
    foreseen: Sequence[Call] = {
        "all": [call for call in dialog.said if call is not None],
        "nothing": [],
        "the wrong": [call for call in reversed(dialog.said) if call is not None],
    }[foresight]
    told: list[Told] = []
    with sandbox.open(Program(source=dialog.source, talks=dialog.talks), dialog.limits, lambda: foreseen) as session:
        for call in dialog.said:
            if call is None:
                session.restart()
            else:
                told.append(told_of(session.call(call), call, dialog.told[len(told)]))
        session.finish()
    assert tuple(told) == dialog.told


def test_other_languages_are_refused(backend: tuple[str, Sandbox]) -> None:
    """Before anything runs."""
    _, sandbox = backend
    program = Program(source="puts 1", language="ruby")
    with pytest.raises(UnsupportedLanguage, match="ruby"):
        sandbox.check_language("ruby")
    with pytest.raises(UnsupportedLanguage, match="ruby"):
        sandbox.run(Job(program=program, inputs=(Stdin(b""),)))
    with pytest.raises(UnsupportedLanguage, match="ruby"):
        sandbox.open(program, Limits())


@pytest.mark.parametrize("language", IN_OTHER_LANGUAGES)
def test_programs_in_other_languages_go_the_same_way(backend: tuple[str, Sandbox], language: str) -> None:
    """Built, run, failed and stopped alike, where the language is there at all; and what cannot be built is not run."""
    _, sandbox = backend
    source, words = IN_OTHER_LANGUAGES[language]
    inputs = tuple(map(Stdin, (b"4", b"-1", b"10", b"5")))
    try:
        outcome = sandbox.run(Job(program=Program(source=source, language=language), inputs=inputs, limits=QUICK))
    except UnsupportedLanguage as error:
        pytest.skip(str(error))
    assert [(run.status, run.error, run.stdout) for run in outcome.runs] == [
        (Status.FINISHED, None, b"8\n"),
        (Status.CRASHED, "exit code 3", b""),
        (Status.CPU_LIMIT, None, b""),
        (Status.FINISHED, None, b"10\n"),
    ]
    outcome = sandbox.run(Job(program=Program(source="int main(", language=language), inputs=inputs))
    assert not outcome.build.ok
    assert words in outcome.build.message
    assert [run.status for run in outcome.runs] == [Status.NOT_RUN] * len(inputs)


def test_a_closed_sandbox_runs_nothing(verifier_image: str) -> None:
    """It is a fault of ours, never a verdict; closing twice is fine."""
    for sandbox in (LocalSandbox(1), DockerSandbox(verifier_image, 1), LambdaSandbox("function", 1)):
        sandbox.close()
        sandbox.close()
        with pytest.raises(SandboxFault, match="closed"):
            sandbox.run(Job(program=Program(source="print(1)"), inputs=(Stdin(b""),)))
