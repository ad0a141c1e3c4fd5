"""The processes that calibrating uses, and the way to judge a program with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from sandbox import LocalSandbox, SandboxFault
from testsuites import AnySuite, SuiteInvalid
from verifier.judging import is_accepted, judge_program
from verifier.oracle import Oracle
from verifier.processors import available_processors
from verifier.report import Report

OTHER_HASH_SEED = 1
Item = TypeVar("Item")
Result = TypeVar("Result")


class Bench:
    """Two sandboxes that differ in their hash seed, and an oracle. Use as a context manager, or call `close`.

    Attributes:
        workers: programs at a time.
        sandbox: where programs run.
        oracle: where test code runs.
    """

    def __init__(
        self, workers: int | None = None, *, require: Collection[str] | None = None, speed: float | None = None
    ) -> None:
        """Start nothing yet; arguments as for `sandbox.LocalSandbox`."""
        self.workers = workers or available_processors()
        self.sandbox = LocalSandbox(self.workers, require=require, speed=speed)
        self.oracle = Oracle(self.workers, require=require, speed=speed)
        self._other = LocalSandbox(1, require=require, speed=speed, hash_seed=OTHER_HASH_SEED)

    def report(self, suite: AnySuite, source: str, *, other_hash_seed: bool = False) -> Report:
        """Judge a program on every test, under the hash seed 0 or another.

        Raises:
            SandboxError, SuiteInvalid: as for `verifier.judging.judge`. A fault gets one more try.
        """
        sandbox = self._other if other_hash_seed else self.sandbox
        return _once_more(lambda: judge_program(suite, source, sandbox, self.oracle))

    def accepts(self, suite: AnySuite, source: str | None) -> bool:
        """Say whether a program passes every test, which costs little where it does not; None stands for no program.

        False too where the suite's test code breaks over it: such a program is not judged, and so not accepted.

        Raises:
            SandboxError: as for `report`.
        """
        if source is None:
            return False
        try:
            return _once_more(lambda: is_accepted(suite, source, self.sandbox, self.oracle))
        except SuiteInvalid:
            return False

    def each(self, act: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """Do the same to all items, several at a time; return what came of each, in their order.

        Raises:
            Exception: what `act` raises. The bench is closed then, as it is by an interrupt.
        """
        with ThreadPoolExecutor(self.workers) as threads:
            try:
                return list(threads.map(act, items))
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                self.close()
                raise

    def close(self) -> None:
        """Kill everything that runs, and let go of every process."""
        self.sandbox.close()
        self.oracle.close()
        self._other.close()

    def __enter__(self) -> Self:
        """Return the bench itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()


def _once_more(judge: Callable[[], Result]) -> Result:
    try:
        return judge()
    except SandboxFault:
        return judge()
