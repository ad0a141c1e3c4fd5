"""Outcomes: what a sandbox may answer to a job."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from sandbox.job import Job, Stdin
from sandbox.outcome import Build, Outcome, Run, Status
from verifier.fuzzing.strategies.values import any_text, values

_ERRORS = (None, "ValueError", "SIGKILL", "exit code 3", "Öops")


@cache
def runs(*, whole: bool) -> st.SearchStrategy[Run]:
    """Make what happened to one input: any status, with any output and any figures.

    For example a run that finished and wrote ``b"0"``. Shrinks to one that finished and gave nothing.

    Args:
        whole: True for whole programs, which write bytes; False for calls, which give values.
    """
    output = {"stdout": st.binary(), "stderr_tail": st.binary()} if whole else {"value": values()}
    figures = st.floats(0, 1e6)
    return st.builds(
        Run,
        status=st.sampled_from(Status),
        error=st.sampled_from(_ERRORS),
        error_text=any_text(),
        exit_code=st.none() | st.integers(-64, 255),
        cpu_seconds=figures,
        wall_seconds=figures,
        idle_seconds=figures,
        peak_bytes=st.integers(0, 2**40),
        attempts=st.integers(1, 3),
        **output,
    )


@st.composite
def outcomes(draw: st.DrawFn, job: Job) -> Outcome:
    """Make outcomes of a job: a build that failed with any message, or one run for each input.

    Shrinks to a build that worked, and runs that finished and gave nothing.
    """
    count, whole = len(job.inputs), isinstance(job.inputs[0], Stdin)
    if draw(st.sampled_from([True, True, True, False])):
        made = tuple(draw(st.lists(runs(whole=whole), min_size=count, max_size=count)))
        build = Build(ok=True)
    else:
        made = tuple(Run(status=Status.NOT_RUN) for _ in range(count))
        build = Build(ok=False, message=draw(any_text()))
    return Outcome(
        build=build,
        runs=made,
        layers=draw(st.sampled_from([(), ("seccomp", "user")])),
        speed=draw(st.floats(0.1, 10)),
        anomalies=draw(st.sampled_from([(), ("processes",), ("rlimits", "files")])),
    )
