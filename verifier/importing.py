"""From a public data set, or from problem packages, to a directory of suites.

Where a data set gives arguments and a reference in place of expected values, the reference runs in a sandbox: what a
data set brings is as untrusted as an answer.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sandbox.job import MEBIBYTE, Call, Job, Limits, Program
from sandbox.outcome import Run, Status
from sandbox.protocol import Sandbox
from testsuites.directory import DirectoryStore
from testsuites.errors import SuiteInvalid, SuiteNotFound
from testsuites.importers import PACKAGE_READERS, READERS, Draft, Imported, PackageReader, Reader, Rejected
from verifier.seen import Seen

MOST_FAILURES = 1000
"""Failures that a summary keeps; a set of a million rows may have as many."""

Source = str | os.PathLike[str]
_Record = Imported | Draft | Rejected
_Reader = Reader[Any] | PackageReader

# A reference is trusted to end, not to be fast or small.
REFERENCE_LIMITS = Limits(
    cpu_seconds=60.0, memory_bytes=2048 * MEBIBYTE, output_bytes=64 * MEBIBYTE, build_seconds=60.0, max_time_outs=1
)


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A row, or a package, that gave no suite.

    Attributes:
        source: name of the row's file, or of the folder or archive of packages.
        row: number of the row or package in it, from 1.
        task_id: its own id, empty when it has none.
        reason: what went wrong; holds nothing hidden.
    """

    source: str
    row: int
    task_id: str
    reason: str


class ImportProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far an import is, after a row.

    Attributes:
        written: suites written so far.
        failed: rows that gave none so far.
        position: bytes read so far, of all files; packages, where it reads such. `source_size` is the end.
        task_id: id of the row.
        failure: why the row gave no suite, if it gave none.
    """

    written: int
    failed: int
    position: int
    task_id: str
    failure: Failure | None = None


class ImportSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did. Every row that was read is counted in one of the two.

    Attributes:
        written: suites written.
        failed: rows that gave none.
        failures: the first of those, at most `MOST_FAILURES`.
        left_out: submissions that packages have and that are of no use here, such as those in other languages.
    """

    written: int
    failed: int
    failures: tuple[Failure, ...]
    left_out: int = 0


def import_suites(
    format_name: str,
    source: Source | Sequence[Source],
    destination: str | os.PathLike[str],
    sandbox: Sandbox,
    progress: Callable[[ImportProgress], None] | None = None,
    *,
    limit: int | None = None,
) -> ImportSummary:
    """Turn every row of a data set into a suite below a directory, with its reference and its statement beside it.

    One row or package is held in memory at a time, however large the data set is. Suites that are there already are
    replaced one by one, each whole or not at all, so an import that was interrupted is simply run again.

    Args:
        format_name: one of `testsuites.importers.READERS` or `PACKAGE_READERS`.
        source: the data set's file, or its files; for packages, folders and archives.
        destination: the directory; made when it is not there.
        sandbox: where references run.
        progress: called after each row.
        limit: rows to read at most, of all files.

    Raises:
        SuiteNotFound: there is no such file.
        SuiteInvalid: the format is unknown, or a file as a whole cannot be read.
        SandboxError: as for `Sandbox.run`.
    """
    reader = _reader(format_name)
    sources = [Path(path) for path in ([source] if isinstance(source, str | os.PathLike) else source)]
    for path in sources:
        if not path.exists() or (path.is_dir() and not reader.takes_folders):
            raise SuiteNotFound(f"{path}: no such file")
    store = DirectoryStore(destination, create=True)
    written = failed = left_out = 0
    failures: list[Failure] = []
    with Seen() as taken:
        for path, row, record, position in itertools.islice(_records(reader, sources), limit):
            task_id, failure = _task_id(record), None
            try:
                imported = _complete(record, sandbox, taken, reader.unit)
                store.write(imported.suite, reference=imported.reference, problem=imported.problem)
                store.write_submissions(imported.suite.id, imported.submissions)
            except (ValueError, SuiteInvalid) as error:
                failed += 1
                failure = Failure(source=path.name, row=row, task_id=task_id, reason=str(error))
                if failed <= MOST_FAILURES:
                    failures.append(failure)
            else:
                written += 1
                left_out += imported.left_out
                taken.add(task_id)
            if progress is not None:
                progress(
                    ImportProgress(written=written, failed=failed, position=position, task_id=task_id, failure=failure)
                )
    return ImportSummary(written=written, failed=failed, failures=tuple(failures), left_out=left_out)


def source_size(format_name: str, source: Source) -> int:
    """Return where reading a source ends: bytes of a file, or how many packages there are.

    Raises:
        SuiteInvalid: the format is unknown, or there is no package.
    """
    return _reader(format_name).size(source)


def _reader(format_name: str) -> _Reader:
    readers: dict[str, _Reader] = READERS | PACKAGE_READERS
    if format_name not in readers:
        raise SuiteInvalid(f"no format is called {format_name!r}; there are {', '.join(sorted(readers))}")
    return readers[format_name]


def _records(reader: _Reader, sources: Sequence[Path]) -> Iterator[tuple[Path, int, _Record, int]]:
    """Yield source, number and record of every row or package, and the position by then."""
    before = 0
    for path in sources:
        for row, (record, position) in enumerate(reader.with_position(path), start=1):
            yield path, row, record, before + position
        before += reader.size(path)


def _task_id(record: _Record) -> str:
    match record:
        case Imported():
            return record.suite.id
        case Draft():
            return record.id
        case Rejected():
            return record.task_id


def _complete(record: _Record, sandbox: Sandbox, taken: Seen, unit: str) -> Imported:
    """Return the record's suite, with expected values from its reference where it lacks them.

    Raises:
        ValueError: there is none; says why.
    """
    if isinstance(record, Rejected):
        raise ValueError(record.reason)  # noqa: TRY004 - a fault of the data
    if _task_id(record) in taken:
        raise ValueError(f"an earlier {unit} has the same id")
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
