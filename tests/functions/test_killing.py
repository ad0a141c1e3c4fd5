"""What runs programs is killed at random while answers are graded (`benchmarks/killing.py` does it for longer)."""

from __future__ import annotations

import pytest

from benchmarks import killing

pytestmark = [pytest.mark.emulator, pytest.mark.usefixtures("docker_engine")]

GRADINGS = 80
KILLS = 3


@pytest.mark.parametrize("grade", [killing.grade_by_functions, killing.grade_in_containers])
def test_kills_change_no_grade(grade: killing.Run) -> None:
    """Each answer gets one grade, the one that it gets in peace, or none; most are judged; no container is left.

    How many are not depends on the machine: on a slow one more is killed meanwhile, and is gone for longer.
    """
    result = grade(GRADINGS, 2, 1.5, kills=KILLS)
    assert len(result.grades) == result.answers >= GRADINGS
    assert result.changed == []
    assert result.not_judged < result.answers // 2
    assert result.killed.total() >= KILLS
    assert result.left == []
