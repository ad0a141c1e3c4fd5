"""How many canonical solutions of HumanEval-X are accepted, by calls and by its own test code, and why not others."""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import options, show
from sandbox import Call, Job, LocalSandbox, Program
from testsuites.importers import READERS, Draft, Imported, Rejected
from verifier.importing import REFERENCE_LIMITS
from verifier.judging import judge_program
from verifier.oracle import Oracle
from verifier.verdict import Verdict

FILES = {"cpp": "cpp", "go": "go", "java": "java", "javascript": "js", "rust": "rust"}
FORMATS = {"calls": "humanevalx_calls", "test code": "humanevalx"}


def completed(record: Imported | Draft | Rejected, sandbox: LocalSandbox) -> Imported | str:
    """Return the suite of a record, or why there is none."""
    match record:
        case Rejected(reason=reason):
            return reason
        case Imported():
            return record
    calls = tuple(Call(function=record.function, args=args) for args in record.arguments)
    outcome = sandbox.run(Job(program=Program(source=record.program), inputs=calls, limits=REFERENCE_LIMITS))
    return record.complete([run.value for run in outcome.runs])


def findings(path: Path, form: str, step: int, sandbox: LocalSandbox, oracle: Oracle) -> Iterator[tuple[str, str]]:
    """Yield the id of each problem with its verdict, and with why where that is none or another than accepted."""
    for record in itertools.islice(READERS[form](path), 0, None, step):
        imported = completed(record, sandbox)
        if isinstance(imported, str):
            assert isinstance(record, Rejected)
            yield record.task_id, f"no suite: {imported}"
            continue
        suite = imported.suite
        report = judge_program(suite, imported.submissions[0].text, sandbox, oracle)
        failed = [test for test in report.tests if test.verdict is not Verdict.ACCEPTED]
        details = f" ({len(failed)} of {len(report.tests)} tests) {failed[0].detail}" if failed else ""
        yield suite.id, f"{report.verdict}{details} {' '.join(report.message.split())[:200]}".strip()


def main() -> None:
    """Print a line for each problem that is not accepted, and the counts."""
    parser = options(__doc__, "python -m benchmarks.humanevalx ../shared/data cpp --step 10", workers=1)
    parser.add_argument(
        "data", type=Path, help="folder with humaneval_cpp.jsonl.gz and so on, and HumanEvalPlus.jsonl.gz"
    )
    parser.add_argument("languages", nargs="*", default=list(FILES), help=f"some of {', '.join(FILES)} (default all)")
    parser.add_argument("--step", type=int, default=1, help="take every so-manieth problem (default 1)")
    given = parser.parse_args()
    figures: dict[str, str] = {}
    with LocalSandbox(given.workers) as sandbox, contextlib.closing(Oracle(1)) as oracle:
        for language, (name, form) in itertools.product(given.languages, FORMATS.items()):
            path = given.data / f"humaneval_{FILES[language]}.jsonl.gz"
            accepted = of = 0
            for task_id, finding in findings(path, form, given.step, sandbox, oracle):
                of += 1
                accepted += finding == Verdict.ACCEPTED
                if finding != Verdict.ACCEPTED:
                    print(f"{name}: {task_id}: {finding}", file=sys.stderr, flush=True)
            figures[f"{language}, {name}"] = f"{accepted} of {of} accepted"
            print(f"{language}, {name}: {accepted} of {of} accepted", file=sys.stderr, flush=True)
    show(figures, given.json)


if __name__ == "__main__":
    main()
