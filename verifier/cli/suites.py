"""`verifier suites`: import suites and list them. No input, expected output or test code is printed."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from verifier.cli.errors import CommandError
from verifier.cli.suites_calibrate import calibrate
from verifier.cli.suites_harden import harden
from verifier.cli.text import console, plain

if TYPE_CHECKING:
    from testsuites.calibration import Calibration
    from testsuites.model import AnySuite

_DIGEST_SHOWN = len("sha256:") + 12

suites = typer.Typer(name="suites", help="Import, look at and measure test suites.", no_args_is_help=True)
suites.command()(calibrate)
suites.command()(harden)


@suites.command()
def show(
    place: Annotated[str, typer.Argument(metavar="SUITES", help="Folder of suites, or s3://bucket/prefix.")],
    suite: Annotated[str | None, typer.Option(help="Show only the suite of this id.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a list of objects.")] = False,
) -> None:
    """List suites: kind, number of tests, limits, calibration and digest. Hidden tests are never shown.

    The exit code is 1 when a suite cannot be used; its line says why.

    Example: verifier suites show testsuites/bundled
    """
    from testsuites.errors import SuiteInvalid
    from testsuites.store import open_store

    store = open_store(place)
    ids = list(store.ids()) if suite is None else [suite]
    if not ids:
        raise CommandError(f"{place}: holds no suites; name the folder that holds them")
    rows = []
    for suite_id in ids:
        try:
            loaded = store.load(suite_id)
            rows.append(_describe(loaded, store.calibration(suite_id)))
        except SuiteInvalid as error:
            rows.append({"id": suite_id, "problem": str(error)})
    if as_json:
        print(json.dumps(rows))
    else:
        _print_table(rows)
    if any("problem" in row for row in rows):
        raise typer.Exit(1)


@suites.command("import")
def import_(
    format_name: Annotated[str, typer.Argument(metavar="FORMAT", help="Format of the source, such as humaneval.")],
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="The data set's file.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="SUITES", help="Folder to write suites to.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Turn a public data set into suites, one folder for each of its problems.

    Expected values that a data set leaves to its reference solutions are computed by running those in the sandbox. The
    exit code is 1 when a problem could not be imported.

    Example: verifier suites import humaneval HumanEval.jsonl.gz -o suites
    """
    import msgspec
    from rich.progress import MofNCompleteColumn, Progress, TextColumn

    from sandbox import LocalSandbox
    from verifier.importing import import_suites

    terminal = console(stderr=True)
    bar = Progress(
        TextColumn("importing"),
        MofNCompleteColumn(),
        TextColumn("{task.fields[last]}"),
        console=terminal,
        transient=True,
        disable=not terminal.is_terminal,
    )
    with contextlib.closing(LocalSandbox(workers=1)) as sandbox, bar:
        task = bar.add_task("", total=None, last="")
        summary = import_suites(
            format_name,
            source,
            output,
            sandbox,
            progress=lambda rows, last: bar.update(task, completed=rows, last=plain(last)),
        )
    for failure in summary.failures:
        terminal.print(plain(f"row {failure.row} {failure.task_id}: not imported: {failure.reason}"), soft_wrap=True)
    if as_json:
        print(json.dumps(msgspec.to_builtins(summary)))
    else:
        terminal.print(f"{len(summary.written)} suites are in {output}; {len(summary.failures)} rows were not imported")
    if summary.failures:
        raise typer.Exit(1)


def _describe(suite: AnySuite, calibration: Calibration | None) -> dict[str, Any]:
    """List what may be known of a suite."""
    return {
        "id": suite.id,
        "kind": suite.__struct_config__.tag,
        "language": suite.language,
        "tests": len(suite.tests),
        "groups": len({test.group for test in suite.tests} - {None}),
        "cpu_seconds": suite.limits.cpu_seconds,
        "memory_mb": suite.limits.memory_mb,
        "output_mb": suite.limits.output_mb,
        "comparator": suite.comparator.name,
        "calibrated": _calibrated(suite, calibration),
        "digest": suite.digest,
    }


def _calibrated(suite: AnySuite, calibration: Calibration | None) -> str | None:
    if calibration is None:
        return None
    if calibration.digest != suite.digest:
        return "out of date"
    return "yes" if calibration.gold else "not gold"


def _print_table(rows: list[dict[str, Any]]) -> None:
    """One line for each suite; `-` stands for the verifier's default, or for none."""
    from rich.table import Table

    limits = ("cpu_seconds", "memory_mb", "output_mb")
    columns = ("id", "kind", "language", "tests", *limits, "comparator", "calibrated", "digest")
    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        if "problem" not in row:
            shown = row | {"digest": row["digest"][:_DIGEST_SHOWN]}
            table.add_row(*(plain("-" if shown[column] is None else str(shown[column])) for column in columns))
    out = console()
    out.print(table)
    for row in rows:
        if "problem" in row:
            out.print(plain(f"{row['id']}: {row['problem']}"), soft_wrap=True)
