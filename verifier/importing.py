"""From a public data set to a directory of suites.

Where a data set gives arguments and a reference in place of expected values, the reference runs in a sandbox: what a
data set brings is as untrusted as an answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import msgspec

from sandbox.job import MEBIBYTE, Call, Job, Limits, Program
from sandbox.outcome import Run, Status
from sandbox.protocol import Sandbox
from testsuites.directory import DirectoryStore
from testsuites.errors import SuiteInvalid
from testsuites.importers import READERS, Draft, Imported, Rejected

# A reference is trusted to end, not to be fast or small.
REFERENCE_LIMITS = Limits(
    cpu_seconds=60.0, memory_bytes=2048 * MEBIBYTE, output_bytes=64 * MEBIBYTE, build_seconds=60.0, max_time_outs=1
)


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A row that gave no suite.

    Attributes:
        row: number of the row, from 1.
        task_id: the row's own id, empty when it has none.
        reason: what went wrong; holds nothing hidden.
    """

    row: int
    task_id: str
    reason: str


class ImportSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did. Every row is in one of the two.

    Attributes:
        written: ids of the suites written, in the order of the rows.
        failures: the rows that gave none.
    """

    written: tuple[str, ...]
    failures: tuple[Failure, ...]


def import_suites(
    format_name: str,
    source: str | os.PathLike[str],
    destination: str | os.PathLike[str],
    sandbox: Sandbox,
    progress: Callable[[int, str], None] | None = None,
) -> ImportSummary:
    """Turn every row of a data set into a suite below a directory, with its reference and its statement beside it.

    Suites that are there already are replaced one by one, each whole or not at all, so an import that was interrupted
    is simply run again.

    Args:
        format_name: one of `testsuites.importers.READERS`.
        source: the data set's file.
        destination: the directory; made when it is not there.
        sandbox: where references run.
        progress: called after each row with the number of rows done and the id of the last.

    Raises:
        SuiteNotFound: there is no such file.
        SuiteInvalid: the format is unknown, or the file as a whole cannot be read.
        SandboxError: as for `Sandbox.run`.
    """
    reader = READERS.get(format_name)
    if reader is None:
        raise SuiteInvalid(f"no format is called {format_name!r}; there are {', '.join(sorted(READERS))}")
    store = DirectoryStore(destination, create=True)
    written: dict[str, None] = {}
    failures: list[Failure] = []
    for row, record in enumerate(reader(source), start=1):
        task_id = _task_id(record)
        try:
            imported = _complete(record, sandbox, taken=task_id in written)
            store.write(imported.suite, reference=imported.reference, problem=imported.problem)
        except (ValueError, SuiteInvalid) as error:
            failures.append(Failure(row=row, task_id=task_id, reason=str(error)))
        else:
            written[task_id] = None
        if progress is not None:
            progress(row, task_id)
    return ImportSummary(written=tuple(written), failures=tuple(failures))


def _task_id(record: Imported | Draft | Rejected) -> str:
    match record:
        case Imported():
            return record.suite.id
        case Draft():
            return record.id
        case Rejected():
            return record.task_id


def _complete(record: Imported | Draft | Rejected, sandbox: Sandbox, *, taken: bool) -> Imported:
    """Return the record's suite, with expected values from its reference where it lacks them.

    Raises:
        ValueError: there is none; says why.
    """
    if isinstance(record, Rejected):
        raise ValueError(record.reason)  # noqa: TRY004 - a fault of the data
    if taken:
        raise ValueError("an earlier row has the same id")
    if isinstance(record, Imported):
        return record
    calls = tuple(Call(function=record.function, args=args) for args in record.arguments)
    outcome = sandbox.run(Job(program=Program(source=record.program), inputs=calls, limits=REFERENCE_LIMITS))
    if not outcome.build.ok:
        raise ValueError("the reference does not compile")
    for number, run in enumerate(outcome.runs):
        if run.status is not Status.FINISHED:
            raise ValueError(f"the reference gives no value for tests[{number}]: {_ending(run)}")
    return record.complete([run.value for run in outcome.runs])


def _ending(run: Run) -> str:
    return f"{run.status} ({run.error})" if run.error else str(run.status)
