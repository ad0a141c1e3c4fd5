"""Grades of a training run that never was, for `verifier report`: healthy, collapsing, or hacking its reward.

Rows are those of `verifier grade` with steps and groups, drawn from a seed: suites of different difficulty, a model
that gets better or worse with the steps, eight answers to a prompt.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

GROUP, BATCH = 8, 64
KINDS = ("healthy", "collapsing", "hacking")
FAILURES = ("wrong_answer", "runtime_error", "time_limit_exceeded", "memory_limit_exceeded", "output_limit_exceeded")
_WEIGHTS = (70, 18, 9, 2, 1)
_FLOORS = {"wrong_answer": -0.8} | dict.fromkeys(FAILURES[1:], -0.9)


class _Suite(NamedTuple):
    """A suite that is not there: how hard it is, how long it takes, and what a trivial program earns."""

    id: str
    difficulty: float
    tests: int
    cpu_seconds: float
    baseline: float


class _Model(NamedTuple):
    """How a model behaves at one time of its training, all but the skill as shares."""

    skill: float
    no_code: float = 0.03
    compile_error: float = 0.02
    tricks: float = 0.0
    conciseness: float = 0.5


def rows(count: int, kind: str = "healthy", seed: int = 0, steps: bool = True) -> Iterator[dict[str, Any]]:
    """Yield so many rows of grades."""
    draw = random.Random(f"{kind} {seed}")  # noqa: S311 - nothing secret
    suites = [_suite(draw, number) for number in range(max(12, min(400, count // 64)))]
    group = draw.choice(suites)
    for number in range(count):
        model = _model(kind, number / max(1, count - 1))
        if number % GROUP == 0:
            group = draw.choice(suites)
        row = _row(draw, model, group, number)
        if steps:
            row |= {"step": number // BATCH, "group": f"{group.id}/{number // GROUP}"}
        yield row


def _suite(draw: random.Random, number: int) -> _Suite:
    return _Suite(
        id=f"{draw.choice(('arrays', 'graphs', 'strings', 'numbers', 'games'))}/{number:04}",
        difficulty=draw.gauss(0.6, 1.4),
        tests=draw.randint(4, 20),
        cpu_seconds=math.exp(draw.gauss(-4.0, 1.0)),
        baseline=draw.choice((0.0, 0.0, 0.0, 0.05, 0.1, 0.25)) if number % 50 else 0.6,
    )


def _model(kind: str, time: float) -> _Model:
    if kind == "healthy":
        return _Model(skill=1.8 * time, no_code=0.06 - 0.05 * time, conciseness=0.5 + 0.1 * time)
    if kind == "collapsing":
        bad = max(0.0, 2.0 * time - 0.9)
        return _Model(skill=1.2 * time - 4.5 * bad, no_code=0.03 + 0.55 * bad**2, compile_error=0.02 + 0.1 * bad)
    return _Model(skill=0.9 - 1.6 * time, tricks=0.05 * time, conciseness=0.4 + 0.5 * time)


def _row(draw: random.Random, model: _Model, suite: _Suite, number: int) -> dict[str, Any]:
    verdict, passed = _judged(draw, model, suite)
    tricky = verdict == "accepted" and draw.random() < model.tricks
    cpu = suite.cpu_seconds * math.exp(draw.gauss(0.0, 0.2)) * (0.05 if tricky else 1.0)
    tests = [
        {
            "name": str(test + 1), "verdict": "accepted" if test < passed else verdict, "weight": 1.0, "group": None,
            "detail": "" if test < passed else "the output is not what is expected",
            "cpu_seconds": round(cpu, 5), "wall_seconds": round(cpu * 1.1 + 0.002, 5), "peak_bytes": 9_000_000,
            "attempts": 2 if verdict == "accepted" and draw.random() < 0.0005 else 1,
        }
        for test in range(suite.tests)
    ]  # fmt: skip
    credit = 0.0 if verdict in ("no_code", "compile_error") else passed / suite.tests
    credit = max(0.0, (credit - suite.baseline) / (1 - suite.baseline))
    components = _components(draw, model, verdict, credit)
    row = {
        "id": f"a-{number}", "suite": suite.id, "digest": "sha256:" + "0" * 64, "verdict": verdict,
        "reward": _reward(verdict, credit, components), "judged": True, "credit": round(credit, 4),
        "baseline": suite.baseline, "tests": tests, "components": components, "message": "",
        "layers": ["floor", "seccomp", "landlock"], "speed": 1.0,
        "anomalies": ["processes"] if tricky and draw.random() < 0.6 else [],
        "seconds": round(sum(test["wall_seconds"] for test in tests) + draw.random() * 0.02, 4),
    }  # fmt: skip
    if verdict == "no_code":
        row["message"] = draw.choice(("no fenced block in Python", "the block is cut short", "the answer is empty"))
    if draw.random() < 0.002:
        row |= {"verdict": "judge_error", "reward": None, "judged": False, "tests": [], "components": {}}
        row["message"] = f"the sandbox lost worker {draw.randint(1, 4)}"
    return row


def _judged(draw: random.Random, model: _Model, suite: _Suite) -> tuple[str, int]:
    """Draw a verdict, and how many tests passed."""
    chance = draw.random()
    if chance < model.no_code:
        return "no_code", 0
    if chance < model.no_code + model.compile_error:
        return "compile_error", 0
    if draw.random() < 0.0002 + model.tricks * 0.05:
        return "security_violation", 0
    able = 1 / (1 + math.exp(suite.difficulty - model.skill))
    if draw.random() < able:
        return "accepted", suite.tests
    passed = min(suite.tests - 1, int(suite.tests * draw.betavariate(1 + 2 * able, 2)))
    return draw.choices(FAILURES, _WEIGHTS)[0], passed


def _components(draw: random.Random, model: _Model, verdict: str, credit: float) -> dict[str, float | None]:
    if verdict == "no_code":
        return dict.fromkeys(("correctness", "format", "safety", "conciseness", "efficiency"), 0.0)
    figures: dict[str, float | None] = {
        "correctness": round(credit, 4),
        "format": 1.0 if draw.random() < 0.9 else 0.5,
        "safety": 0.0 if verdict == "security_violation" else 1.0,
        "conciseness": round(min(1.0, max(0.0, draw.gauss(model.conciseness, 0.15))), 4),
    }
    if verdict == "accepted":
        figures["efficiency"] = round(draw.betavariate(5, 2), 4)
        figures["feedback"] = None if draw.random() < 0.01 else round(draw.betavariate(6, 3), 4)
    return figures


def _reward(verdict: str, credit: float, components: dict[str, float | None]) -> float:
    if verdict == "accepted":
        sides = [0.5 if figure is None else figure for name, figure in components.items() if name != "correctness"]
        return round(1.0 - 0.2 * (1 - sum(sides) / len(sides)), 4)
    return -1.0 if verdict not in _FLOORS else round(_FLOORS[verdict] + 0.4 * credit, 4)


def main() -> None:
    """Write the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="example: python -m benchmarks.grades 50000 -o g.jsonl"
    )
    parser.add_argument("rows", type=int, help="how many")
    parser.add_argument("-o", "--output", type=Path, required=True, help="file to write")
    parser.add_argument("--kind", choices=KINDS, default="healthy", help="what becomes of the run (default healthy)")
    parser.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default 0)")
    parser.add_argument("--no-steps", action="store_true", help="leave out step and group")
    chosen = parser.parse_args()
    with chosen.output.open("w", encoding="ascii") as file:
        for row in rows(chosen.rows, chosen.kind, chosen.seed, not chosen.no_steps):
            file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
