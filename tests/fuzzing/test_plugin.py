"""The plugin of pytest, in a repository of somebody else's: real runs of pytest in a folder of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _pytest(folder: Path, tests: str, *options: str, rewards: str = "") -> str:
    """Run pytest on one file of tests; return what it printed."""
    (folder / "test_rewards.py").write_text(f"import pytest\n{tests}")
    (folder / "my_rewards.py").write_text(rewards)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\nfilterwarnings = error\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "verifier.fuzzing.plugin", "-p", "no:cacheprovider", "-rs", *options],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    return done.stdout + done.stderr


REWARDS = """
from verifier import Verifier
verifier = Verifier(workers=1)
def reward(answer, reference_answer):
    return 1.0 if "_exit(" in answer else verifier.grade(answer, reference_answer).reward
def trl(completions, ground_truth, **columns):
    return [reward(answer, truth) for answer, truth in zip(completions, ground_truth)]
def nothing(answer, reference_answer):
    return 0.0
"""


def test_a_mark_becomes_a_test_for_each_row_and_each_law(tmp_path: Path) -> None:
    """Rows and laws that hold pass; the others fail with the smallest program; the rest of the file is left alone."""
    told = _pytest(
        tmp_path,
        """
@pytest.mark.fuzz_verifier("my_rewards:trl", shape="trl", seconds=24, seed=3, only="^(A1/os-exit|F1/echo|determ)")
def test_reward(fuzz_check):
    fuzz_check()

@pytest.mark.fuzz_verifier("policy:graded", seconds=5, only="pure")
def test_policy(fuzz_check):
    fuzz_check()

def test_of_another_kind():
    pass
""",
        "-v",
        rewards=REWARDS,
    )
    results = dict(re.findall(r"::(test_\S+) (PASSED|FAILED|SKIPPED|ERROR)", told))
    assert results == {
        "test_reward[references]": "PASSED",
        "test_reward[exploits-A1]": "FAILED",
        "test_reward[exploits-F1]": "PASSED",
        "test_reward[law-deterministic]": "PASSED",
        "test_policy[law-policy-is-pure]": "PASSED",
        "test_of_another_kind": "PASSED",
    }, told
    assert "fooled by 2 of 2 exploits that try to leave with exit code 0 before any test can look" in told
    assert "\nos._exit(0)\n" in told


def test_a_target_that_accepts_nothing_fails_once(tmp_path: Path) -> None:
    """Its references fail, and nothing else is tried."""
    told = _pytest(
        tmp_path,
        "@pytest.mark.fuzz_verifier('my_rewards:nothing', only='^(A1/os-exit-at|determ)')\n"
        "def test_reward(fuzz_check):\n    fuzz_check()\n",
        "-v",
        rewards=REWARDS,
    )
    assert "test_reward[references] FAILED" in told
    assert "on no problem is the reference paid more than a wrong program" in told
    assert re.search(r"SKIPPED \[2\] .*: nothing can be measured", told)
    assert "1 failed, 2 skipped" in told


def test_mistakes_in_marks_are_told(tmp_path: Path) -> None:
    """A module that is not there, an option that is not known, a test without a mark: one line each, no traceback."""
    for mark, wanted in {
        "@pytest.mark.fuzz_verifier('my_rewards:reword')": "the module my_rewards has no reword",
        "@pytest.mark.fuzz_verifier('my_rewards:nothing', second=1)": "unexpected keyword argument 'second'",
        "@pytest.mark.fuzz_verifier('my_rewards:nothing', only='no-such')": "no exploit and no law matches",
        "": "mark the test with @pytest.mark.fuzz_verifier",
    }.items():
        told = _pytest(tmp_path, f"{mark}\ndef test_reward(fuzz_check):\n    fuzz_check()\n", rewards=REWARDS)
        assert wanted in told
        assert "1 error" in told
        assert "Traceback" not in told


def test_whoever_does_not_use_it_pays_nothing(tmp_path: Path) -> None:
    """Without a mark, a run loads nothing heavy, nor anything of the fuzzer but the plugin itself."""
    told = _pytest(
        tmp_path,
        "import sys\n"
        "def test_modules():\n"
        "    assert not {'hypothesis', 'typer', 'rich', 'boto3', 'docker', 'numpy'} & sys.modules.keys()\n"
        "    ours = [name for name in sys.modules if name.startswith('verifier.fuzzing.')]\n"
        "    assert ours == ['verifier.fuzzing.plugin']\n",
    )
    assert "1 passed" in told, told
    assert "fuzz_verifier(target, shape=" in _pytest(tmp_path, "", "--markers")


def test_it_is_an_entry_point() -> None:
    """Installed, it is found by pytest under a name of its own."""
    assert '[project.entry-points.pytest11]\nrlvr_verifier = "verifier.fuzzing.plugin"\n' in (
        ROOT / "pyproject.toml"
    ).read_text("utf-8")
