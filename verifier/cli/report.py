"""`verifier report`: what a file of grades shows of a training run."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verifier.cli.errors import CommandError

if TYPE_CHECKING:
    from verifier.reporting.figures import Figures
    from verifier.reporting.reading import Reading

_ROWS_BETWEEN = 500


def report(
    grades: Annotated[Path, typer.Argument(metavar="GRADES", help="JSONL file that verifier grade wrote.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write an HTML page to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures and findings as JSON.")] = False,
) -> None:
    """Show what a file of grades says about a training run: what to look at, rewards, verdicts, components, suites.

    With -o as one HTML page that needs no network; without it as a summary here. Lines that are no grades are told and
    left out, and the exit code is then 1.

    Example: verifier report grades.jsonl -o report.html
    """
    from verifier.reporting.figures import figures_of

    _check_output(grades, output)
    reading = _read(grades)
    _check(grades, reading)
    figures = figures_of(reading.tally)
    if output is not None:
        _write(output, grades, reading, figures)
    if as_json:
        print(json.dumps(_data(reading, figures)))
    elif output is None:
        from verifier.cli.report_display import summary_of
        from verifier.cli.text import console

        console().print(summary_of(reading, figures))
    if reading.unreadable_in_all:
        raise typer.Exit(1)


def _check_output(grades: Path, output: Path | None) -> None:
    """Refuse an output that cannot be, before anything is read.

    Raises:
        CommandError: as above.
    """
    if output is None:
        return
    if not output.parent.is_dir():
        raise CommandError(f"{output}: there is no folder {output.parent}; create it first")
    if output.exists() and grades.exists() and output.samefile(grades):
        raise CommandError(f"{output}: is the file of grades; choose another output")
    import verifier.reporting.page  # noqa: F401 - a missing extra is told before a large file is read


def _read(grades: Path) -> Reading:
    """Read the file once.

    Raises:
        OSError: it cannot be read.
    """
    from verifier.cli.report_display import ReadingBar
    from verifier.reporting.reading import Reading
    from verifier.reporting.rows import read_lines

    reading = Reading()
    with grades.open("rb") as file, ReadingBar(grades, grades.stat().st_size) as bar:
        for line in read_lines(file):
            reading.add(line)
            if line.number % _ROWS_BETWEEN == 0:
                bar.show(line.end, reading.tally.rows)
    return reading


def _check(grades: Path, reading: Reading) -> None:
    """Refuse a file that there is nothing to show of.

    Raises:
        CommandError: as above.
    """
    if not reading.tally.rows:
        found = f" ({reading.unreadable[0]})" if reading.unreadable else ""
        raise CommandError(f"{grades}: holds no grades{found}; name a file that verifier grade wrote")
    if not reading.tally.judged:
        reason, _ = reading.tally.not_judged.most_common(1)[0]
        raise CommandError(f"{grades}: none of its {reading.tally.rows} answers was judged; most often: {reason}")


def _write(output: Path, grades: Path, reading: Reading, figures: Figures) -> None:
    from verifier.reporting.page import page_of

    page = page_of(
        figures, title=grades.name, unreadable=reading.unreadable, unreadable_in_all=reading.unreadable_in_all
    ).encode("utf-8", "replace")  # half a surrogate pair, in an id or a message, has no UTF-8
    output.write_bytes(page)
    print(f"{output}: {figures.rows:,} grades, {len(page) / 1e6:.1f} MB", file=sys.stderr)


def _data(reading: Reading, figures: Figures) -> dict[str, object]:
    """Return everything for JSON."""
    import msgspec

    from verifier.reporting.figures import data_of
    from verifier.reporting.findings import findings_of

    return {
        "findings": msgspec.to_builtins(findings_of(figures)),
        "unreadable": reading.unreadable,
        "unreadable_in_all": reading.unreadable_in_all,
        **data_of(figures),
    }
