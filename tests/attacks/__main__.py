"""``python -m tests.attacks [--tier NAME] [--only REGEX] [--repeat N] [--json]``: the corpus in every tier, as a table.

A line for each row of the list of attacks, a column for each tier: the verdicts in which its programs ended, the
highest reward that one of them earned, and how many ended otherwise than the data says. Surprises are told one by one
below. Exit code 1 when there is one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.attacks.tiers import TIERS, Tier, surprises, sweep
from tests.containers.engine import the_engine
from verifier.fuzzing.exploits import HONEST, ROWS

_SHORT = {
    "accepted": "AC",
    "wrong_answer": "WA",
    "runtime_error": "RE",
    "time_limit_exceeded": "TLE",
    "memory_limit_exceeded": "MLE",
    "output_limit_exceeded": "OLE",
    "compile_error": "CE",
    "no_code": "NC",
    "security_violation": "SV",
    "judge_error": "JE",
    "judge_lost": "lost",
    "suite_refused": "refused",
    "silent": "silent",
}


def main() -> None:
    """Run, print, and end with 1 when something was otherwise than it must be."""
    parser = argparse.ArgumentParser(prog="tests.attacks")
    parser.add_argument("--tier", action="append", choices=[tier.name for tier in TIERS])
    parser.add_argument("--only", default="", metavar="REGEX", help="programs by their key, such as 'D6/|honest/'")
    parser.add_argument("--repeat", type=int, default=1, metavar="N")
    parser.add_argument("--json", action="store_true", help="what was found, one object a line")
    options = parser.parse_args()
    found: list[dict[str, Any]] = []
    for tier in TIERS:
        if options.tier and tier.name not in options.tier:
            continue
        if reason := _why_not(tier):
            print(f"{tier.name}: not run: {reason}", file=sys.stderr)
            continue
        for _ in range(options.repeat):
            for each in sweep(tier, options.only):
                found.append({"tier": tier.name, **each, "surprises": surprises(tier, each)})
                if options.json:
                    print(json.dumps(found[-1]), flush=True)
        if tier.in_container:
            the_engine().remove_containers()
    if not options.json:
        _show(found)
    sys.exit(any(each["surprises"] for each in found))


def _why_not(tier: Tier) -> str | None:
    return the_engine().missing() or None if tier.in_container else tier.why_not()


def _show(found: list[dict[str, Any]]) -> None:
    names = list(dict.fromkeys(each["tier"] for each in found))
    table = Table("row", *names, title="verdicts, highest reward, surprises")
    for row in (*ROWS, HONEST):
        cells = [
            [each for each in found if each["tier"] == name and each["id"].startswith(f"{row}/")] for name in names
        ]
        if any(cells):
            table.add_row(row, *map(_cell, cells))
    console = Console(width=None if sys.stdout.isatty() else 30 * (1 + len(names)))  # a pipe has no width of its own
    console.print(table)
    for each in found:
        if each["surprises"]:
            console.print(f"{each['tier']}: {each['key']}: {'; '.join(each['surprises'])}", markup=False)
    lost = sum(len(each["surprises"]) > 0 for each in found)
    console.print(f"{len(found)} runs, {lost} surprises")


def _cell(found: list[dict[str, Any]]) -> str:
    verdicts = Counter(_SHORT[each["verdict"]] for each in found)
    rewards = [each["reward"] for each in found if each["reward"] is not None]
    surprised = sum(bool(each["surprises"]) for each in found)
    counts = " ".join(f"{count} {name}" for name, count in verdicts.most_common())
    return f"{counts}\n{max(rewards):+.2f}, {surprised}" if rewards else f"{counts}\n{surprised}"


if __name__ == "__main__":
    main()
