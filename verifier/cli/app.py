"""The commands and their names. Each command imports what it needs when it runs, so `--help` stays quick."""

from __future__ import annotations

from typing import Annotated

import typer

from verifier.cli.doctor import doctor
from verifier.cli.fuzz import fuzz
from verifier.cli.grade import grade
from verifier.cli.image import image
from verifier.cli.invoke import invoke
from verifier.cli.report import report
from verifier.cli.suites import suites
from verifier.cli.watch import watch

app = typer.Typer(
    name="verifier",
    help="Grade programs that models wrote against hidden tests, in a sandbox.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # verifier.cli.main tells errors, in one line
    rich_markup_mode=None,
)
app.command()(grade)
app.command()(invoke)
app.command()(doctor)
app.command()(fuzz)
app.command()(report)
app.command()(watch)
app.add_typer(suites)
app.add_typer(image)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(version("rlvr-verifier"))
        raise typer.Exit


@app.callback()
def verifier(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Grade programs that models wrote against hidden tests, in a sandbox."""
