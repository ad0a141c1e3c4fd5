"""`verifier grade`: a file of answers in, a file of grades out."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
from collections import Counter, deque
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from verifier.cli.errors import INTERRUPTED, CommandError
from verifier.cli.options import Require

if TYPE_CHECKING:
    from verifier.cli.rows import Row
    from verifier.grade import Grade
    from verifier.sample import Sample
    from verifier.verifier import Verifier


def grade(
    suites: Annotated[
        str,
        typer.Argument(
            metavar="SUITES", help="Folder of suites or s3://bucket/prefix, or - when every row carries its suite."
        ),
    ],
    answers: Annotated[str, typer.Argument(metavar="ANSWERS", help="JSONL file, or - for standard input.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write the grades to this file.")] = None,
    sandbox: Annotated[
        str, typer.Option(help="Where programs run: local, docker, docker:IMAGE or lambda:FUNCTION.")
    ] = "local",
    policy: Annotated[str, typer.Option(help="Name of a reward policy, or a TOML file.")] = "graded",
    workers: Annotated[
        int | None, typer.Option(min=1, help="Answers graded at once. [default: processors; 32 for a function]")
    ] = None,
    require: Require = "",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the output of an earlier run.")] = False,
    table: Annotated[bool, typer.Option("--table", help="Print a table of the grades; needs -o.")] = False,
    json_summary: Annotated[bool, typer.Option("--json", help="Print the summary as JSON; needs -o.")] = False,
) -> None:
    """Grade a file of answers.

    A row of ANSWERS is {"id", "suite", "answer"}, or one AWS sample. Grades keep the order of the answers, one row for
    each, on standard output or in the file that -o names. An answer that cannot be graded gets "judged": false and a
    message, and the exit code is then 1.

    Example: verifier grade testsuites/bundled examples/answers.jsonl -o grades.jsonl
    """
    from sandbox.settings import layer_names
    from verifier.cli.display import Display
    from verifier.cli.grades import GradeFile, still_to_grade
    from verifier.cli.rows import read_rows
    from verifier.cli.summary import Summary
    from verifier.heap import give_back_large_blocks
    from verifier.sandboxes import check_place
    from verifier.verifier import Verifier

    give_back_large_blocks()
    place = check_place(sandbox, "--sandbox")
    _check_options(answers, output, {"--resume": resume, "--table": table, "--json": json_summary})
    with contextlib.ExitStack() as stack:
        source = sys.stdin.buffer if answers == "-" else stack.enter_context(Path(answers).open("rb"))
        layers = layer_names(require, "--require")
        judge = stack.enter_context(
            Verifier(None if suites == "-" else suites, policy=policy, sandbox=place, workers=workers, require=layers)
        )
        if judge.suites is not None and next(iter(judge.suites.ids()), None) is None:
            raise CommandError(f"{suites}: holds no suites; name the folder that holds them")
        judge.check()
        # The output is emptied last, when nothing can be wrong with the rest.
        grades, done = GradeFile.resume(output) if resume and output else (GradeFile.create(output), Counter())
        stack.enter_context(grades)
        summary = Summary(graded_before=done.total())
        display = stack.enter_context(Display(size=_size(source), keep_table=table))
        try:
            graded = stack.enter_context(contextlib.closing(_graded(judge, still_to_grade(read_rows(source), done))))
            for row, result in graded:
                grades.write(row.sample, result)
                summary.add(result)
                display.show(row, result)
        except KeyboardInterrupt:
            judge.interrupt()
            display.say(_how_to_go_on(summary.answers, output))
            raise typer.Exit(INTERRUPTED) from None
    if table:
        display.print_table()
    if json_summary:
        print(json.dumps(summary.data()))
    else:
        display.print_summary(summary)
    if summary.not_judged:
        raise typer.Exit(1)


def _check_options(answers: str, output: Path | None, need_output: dict[str, bool]) -> None:
    """Refuse options that do not go together.

    Raises:
        CommandError: as above.
    """
    given = [option for option, is_given in need_output.items() if is_given]
    if output is None and given:
        raise CommandError(f"{given[0]} needs -o FILE: without it, standard output carries the grades")
    if {"--table", "--json"} <= set(given):
        raise CommandError("--table and --json both print to standard output; choose one")
    if output is not None and output.exists() and answers != "-" and output.samefile(answers):
        raise CommandError(f"{output}: is the file of answers; choose another output")


def _graded(judge: Verifier, rows: Iterator[Row]) -> Generator[tuple[Row, Grade]]:
    """Grade rows, in order and with a bounded look-ahead."""
    from verifier.batch import grade_many

    waiting: deque[Row] = deque()

    def samples() -> Iterator[Sample]:
        for row in rows:
            waiting.append(row)
            yield row.sample

    for result in grade_many(judge, samples(), workers=judge.workers):
        yield waiting.popleft(), result


def _size(source: BinaryIO) -> int | None:
    """Bytes in a regular file; None for a pipe, whose end nobody knows."""
    status = os.fstat(source.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _how_to_go_on(answers: int, output: Path | None) -> str:
    """Say what was kept, and how to go on."""
    if output is None:
        return f"interrupted after {answers} answers; with -o FILE a run can be resumed"
    return f"interrupted: {answers} grades are in {output}; run the same command with --resume to go on"
