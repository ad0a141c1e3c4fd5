"""Grade a data set's own solutions against its own tests, all of them, and print each that is not accepted."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measuring import Stopwatch, imported, options, show
from testsuites.importers import READERS
from verifier import Grade, Verdict, Verifier
from verifier.batch import grade_many
from verifier.sample import Sample


def main() -> int:
    """Return 0 when every row gives a suite and every reference is accepted."""
    parser = options(__doc__, "python -m benchmarks.references mbppplus ../shared/data/MbppPlus.jsonl.gz")
    parser.add_argument("format", choices=sorted(READERS), help="format of the data set")
    parser.add_argument("source", type=Path, help="its file")
    parser.add_argument("--suites", type=Path, help="folder to keep its suites in, or to find them in")
    given = parser.parse_args()
    with (
        imported(given.format, given.source, given.suites, given.workers) as suites,
        Verifier(suites.store, workers=given.workers) as verifier,
    ):
        watch = Stopwatch()
        ids = list(suites.store.ids())
        references = ((suite_id, suites.store.reference(suite_id) or "") for suite_id in ids)
        samples = (Sample(id=suite_id, answer=fenced(text), suite=suite_id) for suite_id, text in references)
        grades = dict(zip(ids, grade_many(verifier, samples, workers=given.workers), strict=True))
        seconds = watch.wall_seconds
    failures = {suite_id: _described(grade) for suite_id, grade in grades.items() if grade.verdict != Verdict.ACCEPTED}
    show(
        {
            "problems": len(grades) + len(suites.rejected),
            "accepted": len(grades) - len(failures),
            "tests": sum(len(grade.tests) for grade in grades.values()),
            "seconds": round(seconds, 1),
            "failures": failures,
            "rejected": suites.rejected,
        },
        given.json,
    )
    return bool(failures or suites.rejected)


def fenced(program: str) -> str:
    """Return an answer that holds one program."""
    return f"```python\n{program}\n```\n"


def _described(grade: Grade) -> str:
    failed = [test for test in grade.tests if test.verdict is not Verdict.ACCEPTED]
    first = f", first {failed[0].name} {failed[0].verdict} {failed[0].detail}" if failed else ""
    return f"{grade.verdict}: {len(failed)} of {len(grade.tests)} tests{first} {grade.message}".strip()


if __name__ == "__main__":
    raise SystemExit(main())
