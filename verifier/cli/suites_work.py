"""What commands that work through a folder of suites share: finding them, a bar while they run, and an interrupt."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from testsuites.directory import DirectoryStore
from testsuites.store import ONE_FILE, Store
from verifier.calibrating.bench import Bench
from verifier.cli.errors import INTERRUPTED, CommandError
from verifier.cli.hypothesis_home import hypothesis_home
from verifier.cli.text import console, plain

Row = TypeVar("Row")
Told = Callable[[str, float], None]
"""Is told of the suite under work, and which share of the work on it is done, 0..1."""


class SuitesBar:
    """A bar over suites, on standard error, drawn on a terminal only. Use as a context manager."""

    def __init__(self, doing: str, suites: int) -> None:
        """Count up to so many suites; `doing` is a word such as ``calibrating``."""
        self._console = console(stderr=True)
        self._progress = Progress(
            TextColumn(doing),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[suite]}"),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("", total=suites, suite="")
        self._done = 0

    def told(self, suite_id: str, share: float) -> None:
        """Show how far the work on a suite is, 0..1."""
        self._progress.update(self._task, completed=self._done + share, suite=plain(suite_id))

    def show(self, problems: Sequence[str]) -> None:
        """Count a suite that is done, and tell at once what is wrong with it."""
        self._done += 1
        self._progress.update(self._task, completed=self._done)
        for problem in problems:
            self.say(problem)

    def say(self, text: str) -> None:
        """Print one line above the bar."""
        self._console.print(plain(text), soft_wrap=True)

    def __enter__(self) -> Self:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the bar."""
        self._progress.stop()


def open_folder(place: str, suite: str | None, act: str) -> tuple[DirectoryStore, list[str]]:
    """Return a folder of suites, and the ids of those to work on: one, or all.

    Args:
        place: the folder.
        suite: the id of one.
        act: what is to be done to them, such as ``calibrate``, for a message.

    Raises:
        CommandError: it is no folder that can be written to, or holds no suites.
        SuiteError: as for `DirectoryStore`.
    """
    if place.startswith("s3://") or (place.endswith(ONE_FILE) and not Path(place).is_dir()):
        raise CommandError(f"{place}: is read only; {act} the folder that it was made of, and make it again of that")
    store = DirectoryStore(place)
    return store, chosen_ids(store, place, suite)


def chosen_ids(store: Store, place: str, suite: str | None) -> list[str]:
    """Return the ids of the suites to work on: one, or all of a store.

    Raises:
        CommandError: it holds no suites.
        SuiteError: as for `Store.ids`.
    """
    ids = list(store.ids()) if suite is None else [suite]
    if not ids:
        raise CommandError(f"{place}: holds no suites; name the folder that holds them")
    return ids


def work_through(
    doing: str,
    ids: Sequence[str],
    rows_of: Callable[[Bench, Told], Iterable[Row]],
    problems_of: Callable[[Row], Sequence[str]],
    *,
    kept: str,
    workers: int | None,
    layers: Collection[str] | None,
) -> list[Row]:
    """Return a row for each suite; a bar shows how far it is, and problems are told at once.

    Args:
        doing: a word such as ``calibrating``.
        ids: of the suites.
        rows_of: does the work with a bench, telling how far it is; yields a row when a suite is done for good.
        problems_of: the lines to print for a row.
        kept: what can be said of suites that were done before Ctrl-C, such as ``are done``, and what to do.
        workers: programs at a time; None: one for each processor.
        layers: isolation layers without which nothing runs; None: the default.

    Raises:
        typer.Exit: it was interrupted.
    """
    rows: list[Row] = []
    with hypothesis_home(), Bench(workers, require=layers) as bench, SuitesBar(doing, len(ids)) as bar:
        try:
            for row in rows_of(bench, bar.told):
                rows.append(row)
                bar.show(problems_of(row))
        except KeyboardInterrupt:
            bench.close()
            bar.say(f"interrupted: {len(rows)} of {len(ids)} suites {kept}")
            raise typer.Exit(INTERRUPTED) from None
    return rows
