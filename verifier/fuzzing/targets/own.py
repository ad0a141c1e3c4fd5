"""A target that is this verifier."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from testsuites.model import AnySuite
from verifier.fuzzing.targets.base import BaseTarget
from verifier.fuzzing.targets.module import ModuleTarget
from verifier.grade import Grade
from verifier.policy.loading import BUILT_IN
from verifier.sandboxes import LOCAL
from verifier.verifier import Verifier

NAME = "verifier"
POLICY, SANDBOX = "VERIFIER_FUZZED_POLICY", "VERIFIER_FUZZED_SANDBOX"
"""Variables that tell a verifier in another process what it is."""


class OwnTarget(BaseTarget):
    """A `Verifier`, in this process. Harmful programs are what its sandbox is for."""

    exposed = False
    is_ours = True

    def __init__(self, *, policy: str = "graded", sandbox: str = LOCAL, timeout: float = 30.0) -> None:
        """Start nothing yet.

        Args:
            policy: name of a reward policy, or a TOML file.
            sandbox: where programs run (`verifier.sandboxes`).
            timeout: seconds for each answer where the verifier is in another process; here its own limits end it.

        Raises:
            PolicyError: the policy cannot be used.
            SettingsError: there is no such sandbox.
        """
        self._verifier = Verifier(policy=policy, sandbox=sandbox, workers=1)
        super().__init__(NAME, range=self._verifier.policy.range, timeout=timeout)
        # A process elsewhere works in another folder.
        self._policy = policy if policy in BUILT_IN else str(Path(policy).absolute())
        self._sandbox = sandbox

    def carries(self, suite: AnySuite) -> bool:
        """Say yes: it is given the suite itself."""
        return True

    def ask(self, answer: str, suite: AnySuite, seconds: float) -> float | None:
        """Return the reward."""
        return self._verifier.grade(answer, suite).reward

    def renewed(self, hash_seed: int) -> BaseTarget:
        """Return a verifier of the same settings in a process of its own, to which suites travel inline."""
        return ModuleTarget(
            f"{__name__}:grade",
            path=(),
            range=self.range,
            timeout=self.timeout,
            hash_seed=hash_seed,
            environment={POLICY: self._policy, SANDBOX: self._sandbox},
        )

    def close(self) -> None:
        """End its processes."""
        self._verifier.close()


def grade(answer: str, reference_answer: dict[str, Any]) -> Grade:
    """Grade by a verifier that the environment describes, made for the first answer."""
    return _verifier().grade(answer, reference_answer)


@cache
def _verifier() -> Verifier:
    return Verifier(policy=os.environ[POLICY], sandbox=os.environ[SANDBOX], workers=1)
