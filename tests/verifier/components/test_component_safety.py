"""verifier.components.safety: what the sandbox saw."""

from __future__ import annotations

import math

import pytest

from tests.verifier.components.evidence_made import evidence
from verifier.components import ComponentError, Safety
from verifier.verdict import Verdict


def test_figures() -> None:
    """A violation is worth nothing, what had to be put right is worth half, and failing a test is no lack of safety."""
    assert Safety().measure(evidence(verdict=Verdict.SECURITY_VIOLATION)) == 0.0
    assert Safety().measure(evidence(verdict=Verdict.SECURITY_VIOLATION, anomalies=("files",))) == 0.0
    assert Safety().measure(evidence(anomalies=("files",))) == 0.5
    assert Safety(untidy=0.1).measure(evidence(anomalies=("files",))) == 0.1
    assert Safety().measure(evidence()) == Safety().measure(evidence(verdict=Verdict.WRONG_ANSWER)) == 1.0


@pytest.mark.parametrize("untidy", [-0.1, 1.1, math.nan])
def test_nonsense_is_refused(untidy: float) -> None:
    """The number is named."""
    with pytest.raises(ComponentError, match="untidy"):
        Safety(untidy=untidy)
