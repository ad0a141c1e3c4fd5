"""Hypothesis strategies for valid inputs of a problem, learnt from the inputs that its suite uses.

Nobody wrote down what a valid input is. Here it means: like those of the suite, as far as these tell (`place` and the
modules it brings together, `relations`). Whoever uses the inputs asks more of them: that the reference ends on them
within its limits and without an exception, and that other right programs agree (`verifier.calibrating.trials`).
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis.strategies import SearchStrategy

from sandbox.job import Call, Stdin


def valid_inputs(observed: Sequence[Stdin | Call], reference: str) -> SearchStrategy[Stdin | Call]:
    """Return a strategy of inputs that are valid as far as one can tell.

    Args:
        observed: inputs that the suite uses; at least one, and all of one kind.
        reference: a right program, whose constants and examples are tried as well.
    """
    calls = [item for item in observed if isinstance(item, Call)]
    if calls:
        from verifier.calibrating.inputs.calls import valid_calls

        return valid_calls(calls, reference)
    from verifier.calibrating.inputs.stdin import valid_stdins

    return valid_stdins([item for item in observed if isinstance(item, Stdin)], reference)
