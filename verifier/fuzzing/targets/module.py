"""A target that is a Python function, ``module:name``: it runs in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from testsuites.model import AnySuite
from verifier.fuzzing.target import TargetBroken
from verifier.fuzzing.targets.base import BaseTarget
from verifier.fuzzing.targets.errors import TargetError
from verifier.fuzzing.targets.inline import carries_inline, inline_reference
from verifier.fuzzing.targets.process import WorkerProcess


class ModuleTarget(BaseTarget):
    """A function that is given an answer and an inline suite.

    Its process works in an empty folder, is killed when it hangs, and started again when the next answer comes. What it
    prints goes nowhere.
    """

    exposed = True

    def __init__(
        self,
        name: str,
        *,
        path: tuple[str, ...],
        shape: str = "auto",
        column: str | None = None,
        range: tuple[float, float] = (-1.0, 1.0),
        timeout: float = 30.0,
        hash_seed: int = 0,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Start the process.

        Args:
            name: ``module:name``; a name with dots is looked up step by step.
            path: folders in which modules are looked for first.
            shape: one of `shapes.SHAPES`.
            column: as in `shapes.caller_of`.
            range: lowest and highest reward.
            timeout: seconds for each answer.
            hash_seed: the process's ``PYTHONHASHSEED``.
            environment: variables of the process, besides those of this one.

        Raises:
            TargetError: the function cannot be had, or its shape cannot be told.
        """
        super().__init__(name, range=range, timeout=timeout)
        self._order: dict[str, Any] = {
            "target": name, "path": list(path), "shape": shape, "column": column, "seconds": timeout,
        }  # fmt: skip
        self._environment = environment
        self._worker = WorkerProcess(self._order, {**environment, "PYTHONHASHSEED": str(hash_seed)})
        self._worker.start()
        self._order["shape"] = self._worker.shape

    @property
    def shape(self) -> str:
        """How the function is called."""
        return self._worker.shape

    def carries(self, suite: AnySuite) -> bool:
        """Say whether a suite can travel inline."""
        return carries_inline(suite)

    def ask(self, answer: str, suite: AnySuite, seconds: float) -> float | None:
        """Return the reward.

        Raises:
            TargetBroken: it raised, died, hung or returned what is no reward.
        """
        if not self._worker.runs:
            try:
                self._worker.start()
            except TargetError as error:
                raise TargetBroken(f"does not start again: {error}") from None
        return self._worker.ask(answer, inline_reference(suite), seconds)

    def renewed(self, hash_seed: int) -> ModuleTarget:
        """Return the same function in a new process."""
        order = self._order
        return ModuleTarget(
            self.name,
            path=tuple(order["path"]),
            shape=order["shape"],
            column=order["column"],
            range=self.range,
            timeout=self.timeout,
            hash_seed=hash_seed,
            environment=self._environment,
        )

    def refresh(self) -> None:
        """End the process; the next answer gets a new one."""
        self._worker.stop()

    def close(self) -> None:
        """End the process."""
        self._worker.stop()
