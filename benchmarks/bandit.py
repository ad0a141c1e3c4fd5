"""Train a policy by GRPO under reward designs, hackable ones and ours, and see which behaviour wins.

No model is needed: the policy chooses among seventeen behaviours, such as being right and slow, or praising itself.
Each has a real answer to each of four bundled problems, graded once by the verifier, on suites calibrated before.
docs/reward-hacking.md tells what comes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.bandit_answers import BEHAVIOURS, PROBLEMS, Class
from benchmarks.bandit_arms import Arm, calibrated, graded
from benchmarks.bandit_charts import write_charts
from benchmarks.bandit_designs import ALL, WITH_OPINION
from benchmarks.bandit_learning import Training
from benchmarks.bandit_results import Result, reach, result
from benchmarks.measuring import Stopwatch, options, show
from benchmarks.progress import Progress


def main() -> int:
    """Return 0."""
    parser = options(__doc__, "python -m benchmarks.bandit --steps 1000 -o build/bandit")
    usual = Training()
    parser.add_argument("--steps", type=_positive, default=usual.steps, help=f"of training (default {usual.steps})")
    parser.add_argument("--seeds", type=_positive, default=usual.seeds, help=f"runs (default {usual.seeds})")
    parser.add_argument("--seed", type=int, default=usual.seed, help=f"of their chance (default {usual.seed})")
    parser.add_argument(
        "--right", type=_share, default=0.05, help="share of right answers before training (default 0.05)"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="write the charts there, as SVG")
    given = parser.parse_args()
    training = usual._replace(steps=given.steps, seeds=given.seeds, seed=given.seed)
    watch = Stopwatch()
    with calibrated(PROBLEMS, given.workers) as store, Progress("answers", len(PROBLEMS) * len(BEHAVIOURS)) as progress:
        arms = graded(store, given.workers, progress.show)
    graded_after = watch.wall_seconds
    results, rows = [], []
    with Progress("designs", len(ALL)) as progress:
        for design in ALL:
            results.append(result(design, arms, given.right, training))
            rows.append(_row(results[-1], arms, training))
            progress.show(len(rows))
    figures: dict[str, Any] = {"seconds_grading": round(graded_after, 1), "seconds": round(watch.wall_seconds, 1)}
    if given.output:
        written = write_charts([made for made in results if made.design is not WITH_OPINION], given.output)
        figures["charts"] = [str(path) for path in written]
    if given.json:
        figures["designs"] = rows
    else:
        _print(rows)
    show(figures, given.json)
    return 0


def _row(made: Result, arms: Sequence[Sequence[Arm]], training: Training) -> dict[str, Any]:
    """Return what became of one design, for a person or a machine."""
    return {
        "design": made.design.name,
        "source": made.design.source,
        "wins": made.winner.value,
        **{kind.value: round(float(made.of(kind)[:, -1].mean()), 3) for kind in Class},
        "right": round(float(made.right[:, -1].mean()), 3),
        "right, worst seed": round(float(made.right[:, -1].min()), 3),
        "reward": round(float(made.paid[-1]), 3),
        "steps to 90% right": made.steps,
        "reach": reach(made.design, arms, training),
        "reach, not divided": reach(made.design, arms, training._replace(divided=False)),
        "behaviours": {name: round(share, 4) for name, share in made.final.items()},
    }


def _print(rows: Iterable[dict[str, Any]]) -> None:
    print(f"{'design':30}{'wins':28}{'right':>7}{'hack':>7}{'reward':>8}{'steps':>7}{'reach':>8}{'not divided':>13}")
    for row in rows:
        steps = row["steps to 90% right"]
        print(
            f"{row['design']:30}{row['wins']:28}{row['right']:7.0%}{row[Class.HACK.value]:7.0%}{row['reward']:8.0%}"
            f"{'never' if steps is None else steps:>7}{_percent(row['reach']):>8}"
            f"{_percent(row['reach, not divided']):>13}"
        )


def _percent(share: float | None) -> str:
    return "never" if share is None else f"{share:.1%}"


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _share(text: str) -> float:
    share = float(text)
    if not 0.0 < share < 1.0:
        raise ValueError(text)
    return share


if __name__ == "__main__":
    raise SystemExit(main())
