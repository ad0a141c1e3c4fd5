"""`verifier suites`: list suites; other commands have files of their own. Nothing hidden is printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from verifier.cli.errors import CommandError
from verifier.cli.suites_calibrate import calibrate
from verifier.cli.suites_check import check
from verifier.cli.suites_harden import harden
from verifier.cli.suites_import import import_
from verifier.cli.suites_seal import seal, unseal
from verifier.cli.text import console, plain

if TYPE_CHECKING:
    from testsuites.calibration import Calibration
    from testsuites.model import AnySuite

_DIGEST_SHOWN = len("sha256:") + 12

suites = typer.Typer(name="suites", help="Import, look at, check, measure and seal test suites.", no_args_is_help=True)
suites.command()(check)
suites.command()(calibrate)
suites.command()(harden)
suites.command()(seal)
suites.command()(unseal)
suites.command("import")(import_)


@suites.command()
def show(
    place: Annotated[str, typer.Argument(metavar="SUITES", help="Folder of suites, .zip or .sealed file, or s3://...")],
    suite: Annotated[str | None, typer.Option(help="Show only the suite of this id.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a list of objects.")] = False,
) -> None:
    """List suites: kind, number of tests, limits, calibration and digest. Hidden tests are never shown.

    The exit code is 1 when a suite cannot be used; its line says why.

    Example: verifier suites show testsuites/bundled
    """
    from testsuites.errors import SuiteInvalid
    from testsuites.pins import load_suite
    from testsuites.store import open_store

    store = open_store(place)
    ids = list(store.ids()) if suite is None else [suite]
    if not ids:
        raise CommandError(f"{place}: holds no suites; name the folder that holds them")
    rows = []
    for suite_id in ids:
        try:
            loaded = load_suite(store, suite_id)
            rows.append(_describe(loaded, store.calibration(loaded.id)))
        except SuiteInvalid as error:
            rows.append({"id": suite_id, "problem": str(error)})
    if as_json:
        print(json.dumps(rows))
    else:
        _print_table(rows)
    if any("problem" in row for row in rows):
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
        "comparator": _comparator(suite),
        "calibrated": _calibrated(suite, calibration),
        "digest": suite.digest,
    }


def _comparator(suite: AnySuite) -> str | None:
    """Name what decides about an output."""
    from testsuites.model import StdioSuite

    if isinstance(suite, StdioSuite):
        programs = {"interactor": suite.interactor, "checker": suite.checker}
        return " and ".join(name for name, program in programs.items() if program) or suite.comparator.name
    return suite.comparator.name


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
