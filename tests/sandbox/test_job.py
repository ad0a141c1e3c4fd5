"""What a job can hold, and what it cannot."""

from __future__ import annotations

import msgspec
import pytest

from sandbox import Call, Job, Limits, Program, Run, Status, Stdin


def test_a_job_has_no_place_for_an_expected_output() -> None:
    """Invariant I2 by type: these are all the fields that anything sent to a sandbox has."""
    assert Job.__struct_fields__ == ("program", "inputs", "limits", "fresh")
    assert Program.__struct_fields__ == ("source", "language", "signature", "talks")
    assert Stdin.__struct_fields__ == ("data",)
    assert Call.__struct_fields__ == ("function", "args", "kwargs", "read_back", "live")


@pytest.mark.parametrize("inputs", [(), (Stdin(b""), Call(function="f"))])
def test_a_job_needs_inputs_of_one_kind(inputs: tuple[Stdin, ...]) -> None:
    """An empty job could otherwise look like one in which nothing failed."""
    with pytest.raises(ValueError, match="at least one input"):
        Job(program=Program(source=""), inputs=inputs)


@pytest.mark.parametrize("field", ["cpu_seconds", "idle_seconds", "memory_bytes", "output_bytes", "max_time_outs"])
@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan")])
def test_limits_must_be_positive_and_finite(field: str, value: float) -> None:
    """A limit that no program meets, or that none can pass, is a mistake."""
    with pytest.raises(ValueError, match=field):
        msgspec.structs.replace(Limits(), **{field: value})


def test_no_repr_shows_inputs_or_outputs() -> None:
    """Invariant I8: whatever is logged by accident holds nothing hidden."""
    hidden = "hidden-value"
    shown = repr(
        [
            Job(program=Program(source=hidden), inputs=(Stdin(hidden.encode()),)),
            Call(function="f", args=(hidden,), kwargs={"a": hidden}),
            Run(status=Status.FINISHED, stdout=hidden.encode(), value=hidden, stderr_tail=hidden.encode()),
            Run(status=Status.CRASHED, error="ValueError", error_text=hidden),
        ]
    )
    assert hidden not in shown
