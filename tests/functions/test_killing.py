"""What runs programs is killed at random while answers are graded (`benchmarks/killing.py` does it for longer)."""

from __future__ import annotations

import pytest

from benchmarks import killing

pytestmark = [pytest.mark.emulator, pytest.mark.usefixtures("docker_engine")]

GRADINGS = 80


@pytest.mark.parametrize("grade", [killing.grade_by_functions, killing.grade_in_containers])
def test_kills_change_no_grade(grade: killing.Run) -> None:
    """Each answer gets one grade, the one that it gets in peace; a few are not judged; no container is left."""
    result = grade(GRADINGS, 2, 1.5)
    assert len(result.grades) == GRADINGS
    assert result.changed == []
    assert result.not_judged <= GRADINGS // 8
    assert sum(result.killed.values()) >= 3
    assert result.left == []
