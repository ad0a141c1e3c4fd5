"""A grader as many are written: hidden tests in the event, the answer's program run without a sandbox.

What the attacks of `runtime_api_attacks` are tried on first, under the same emulator. Nothing of the product is in it.
"""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from collections.abc import Callable
from typing import Any


def in_subprocess(event: Any, context: object) -> list[dict[str, Any]]:
    """Run each program in a process of its own."""
    return _grade(event, _run_in_subprocess)


def in_process(event: Any, context: object) -> list[dict[str, Any]]:
    """Run each program with `exec`, in the process of the runtime client."""
    return _grade(event, _run_in_process)


def _grade(event: Any, run: Callable[[str, str], str]) -> list[dict[str, Any]]:
    results = []
    for sample in event:
        program = sample["messages"][-1]["content"].partition("```python\n")[2].rpartition("```")[0]
        tests = sample["reference_answer"]
        right = all(
            run(program, given).split() == expected.split()
            for given, expected in zip(tests["inputs"], tests["outputs"], strict=True)
        )
        results.append({"id": sample["id"], "aggregate_reward_score": 1.0 if right else -1.0})
    return results


def _run_in_subprocess(program: str, given: str) -> str:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=30, check=False).stdout


def _run_in_process(program: str, given: str) -> str:
    stdin, sys.stdin = sys.stdin, io.StringIO(given)
    try:
        with contextlib.redirect_stdout(io.StringIO()) as output:
            exec(program, {"__name__": "__main__"})
        return output.getvalue()
    finally:
        sys.stdin = stdin
