"""`verifier suites import`: public data sets and problem packages become suites.

No input, expected output or test code is printed.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Self

import typer

from verifier.cli.errors import INTERRUPTED
from verifier.cli.text import console, plain

if TYPE_CHECKING:
    from verifier.importing import ImportProgress

_FORMATS = (
    "apps, codecontests, codeforces, deepcoder, humaneval, humanevalplus, humanevalx, humanevalx_calls, kattis, "
    "kodcode, livecodebench, mbpp, mbppplus, nemo_gym, open_instruct, polygon, synthetic1, taco, verl"
)
"""Written out, as help imports nothing."""
_PACKAGES = ("kattis", "polygon")


def import_(
    format_name: Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of: {_FORMATS}.")],
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOURCE",
            help="The data set's files: .jsonl, .json, .gz, .parquet. For kattis and polygon: packages, as folders or "
            ".zip files, or folders of such.",
        ),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="SUITES", help="Folder to write suites to.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Read so many rows or packages only, to try.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Turn a public data set, or problem packages, into suites, one folder for each problem.

    Expected values that a data set leaves to its reference solutions are computed by running those in the sandbox. The
    exit code is 1 when a problem could not be imported. Ctrl-C keeps what was written.

    Example: verifier suites import humaneval HumanEval.jsonl.gz -o suites
    """
    import msgspec

    from sandbox import LocalSandbox
    from verifier.importing import import_suites

    with contextlib.closing(LocalSandbox(workers=1)) as sandbox, _Display(format_name, sources) as display:
        try:
            summary = import_suites(format_name, sources, output, sandbox, progress=display.show, limit=limit)
        except KeyboardInterrupt:
            display.say(f"interrupted: {display.written} suites are in {output}; run the same command to start again")
            raise typer.Exit(INTERRUPTED) from None
    if as_json:
        print(json.dumps(msgspec.to_builtins(summary)))
    else:
        display.say(f"{summary.written} suites are in {output}; {summary.failed} {display.unit}s were not imported")
        if summary.left_out:
            display.say(f"{summary.left_out} submissions were left out: not one file of Python 3, or without a verdict")
    if summary.failed:
        raise typer.Exit(1)


class _Display:
    """A bar over the sources, drawn on a terminal only, and a line for each row or package that gave no suite."""

    def __init__(self, format_name: str, sources: list[Path]) -> None:
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        self.unit = "package" if format_name in _PACKAGES else "row"
        self.written = 0
        self._several = len(sources) > 1
        self._console = console(stderr=True)
        self._progress = Progress(
            TextColumn("importing"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn(f"{{task.fields[rows]}} {self.unit}s"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[last]}"),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("", total=_size(format_name, sources), rows=0, last="")

    def show(self, progress: ImportProgress) -> None:
        """Take note of one row; tell the first that gave no suite."""
        from verifier.importing import MOST_FAILURES

        self.written = progress.written
        rows = progress.written + progress.failed
        self._progress.update(self._task, completed=progress.position, rows=rows, last=plain(progress.task_id))
        if progress.failure is not None and progress.failed <= MOST_FAILURES:
            failure = progress.failure
            place = f"{failure.source}: " if self._several else ""
            self.say(f"{place}{self.unit} {failure.row} {failure.task_id}: not imported: {failure.reason}")
            if progress.failed == MOST_FAILURES:
                self.say(f"further {self.unit}s that are not imported are counted only")

    def say(self, text: str) -> None:
        """Print one line above the bar."""
        self._console.print(plain(text), soft_wrap=True)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()


def _size(format_name: str, sources: list[Path]) -> int | None:
    """Return where reading the sources ends; None where that cannot be told, which the import itself tells."""
    from testsuites.errors import SuiteInvalid, SuiteUnavailable
    from verifier.importing import source_size

    try:
        return sum(source_size(format_name, path) for path in sources)
    except (OSError, SuiteInvalid, SuiteUnavailable):
        return None
