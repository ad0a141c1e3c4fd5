"""Tell survivors apart: those that answer otherwise than the reference on a valid input, and those that never do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from hypothesis.strategies import SearchStrategy

from sandbox import Call, Run, Sandbox
from testsuites import AnySuite
from verifier.calibrating.drawing import draw, size, smaller
from verifier.calibrating.inputs import valid_inputs
from verifier.calibrating.mutants import Mutant
from verifier.calibrating.observing import AnyInput, input_key, observe
from verifier.calibrating.symmetries import symmetric
from verifier.calibrating.trials import Trials
from verifier.oracle import Oracle

_Pair = tuple[AnyInput, Run]
"""A valid input, and the reference's run on it."""


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A survivor that is wrong.

    Attributes:
        mutant: the program.
        input: a valid input on which it shows, made small.
        output: what the reference answers: bytes, or the value.
    """

    mutant: Mutant
    input: AnyInput
    output: Any

    def __repr__(self) -> str:
        """Without input and output: they may be a hidden test one day."""
        return f"Gap({self.mutant.name!r})"


class Separation(msgspec.Struct, frozen=True, kw_only=True):
    """The survivors of one suite, told apart.

    Attributes:
        gaps: those that were proved wrong, in their order.
        equivalent: those that never differed, and so are presumed to mean the same as the reference.
        inputs_tried: valid inputs that were made.
    """

    gaps: tuple[Gap, ...] = ()
    equivalent: tuple[Mutant, ...] = ()
    inputs_tried: int = 0


def separate(
    suite: AnySuite,
    reference: str,
    survivors: Sequence[Mutant],
    sandbox: Sandbox,
    oracle: Oracle,
    *,
    second_references: Sequence[str] = (),
    inputs: int = 200,
    seed: int = 0,
) -> Separation:
    """Tell survivors apart by differential fuzzing on valid inputs (`verifier.calibrating.inputs`).

    Args:
        suite: the suite that accepts the survivors.
        reference: a program that it accepts, and that is right.
        survivors: mutants of the reference.
        sandbox: where all programs run.
        oracle: where test code runs.
        second_references: other programs that are right; what they do not agree with is no valid input.
        inputs: inputs to make.
        seed: of all that is drawn.

    Raises:
        SandboxError: the sandbox's own fault.
        SuiteInvalid: the suite's test code is broken.
    """
    ground = _prepare(suite, reference, second_references, inputs, seed, sandbox, oracle) if survivors else None
    if ground is None:
        return Separation(equivalent=tuple(survivors))
    found: dict[str, _Pair] = {}
    shown: list[_Pair] = []  # inputs that were made small for one gap, and may show others
    for mutant in survivors:
        pair = ground.first(mutant, shown)
        if pair is None:
            pair = ground.first(mutant, ground.pairs)
            if pair is not None:
                pair = ground.smaller(mutant, pair)
                shown.append(pair)
        if pair is not None:
            found[mutant.name] = pair
    return Separation(
        gaps=tuple(_gap(mutant, found[mutant.name]) for mutant in survivors if mutant.name in found),
        equivalent=tuple(mutant for mutant in survivors if mutant.name not in found),
        inputs_tried=len(ground.pairs),
    )


def inputs_for(
    suite: AnySuite, reference: str, sandbox: Sandbox, oracle: Oracle, *, inputs: int = 200, seed: int = 0
) -> list[AnyInput]:
    """Return the valid inputs on which `separate` tries the survivors of a suite; raises as it does."""
    ground = _prepare(suite, reference, (), inputs, seed, sandbox, oracle)
    return [item for item, _ in ground.pairs] if ground else []


class _Ground(NamedTuple):
    """What all survivors of a suite are tried with.

    Attributes:
        trials: runs programs.
        strategy, inputs, seed: what inputs were drawn with.
        pairs: the valid ones with the reference's runs, small ones first.
    """

    trials: Trials
    strategy: SearchStrategy[AnyInput]
    inputs: int
    seed: int
    pairs: list[_Pair]

    def first(self, mutant: Mutant, pairs: Sequence[_Pair]) -> _Pair | None:
        """Return the first of some pairs on which the mutant differs."""
        number = self.trials.first_difference(mutant, [item for item, _ in pairs], [run for _, run in pairs])
        return None if number is None else pairs[number]

    def smaller(self, mutant: Mutant, pair: _Pair) -> _Pair:
        """Return the smallest pair found on which the mutant differs, as it does on this one."""

        def shows(item: AnyInput) -> bool:
            (run,) = self.trials.answers([item])
            return run is not None and self.first(mutant, [(item, run)]) is not None

        item = smaller(self.strategy, self.inputs, self.seed, pair[0], shows)
        (run,) = self.trials.answers([item])
        return pair if run is None else (item, run)


def _prepare(
    suite: AnySuite,
    reference: str,
    second_references: Sequence[str],
    inputs: int,
    seed: int,
    sandbox: Sandbox,
    oracle: Oracle,
) -> _Ground | None:
    """Make inputs; return None where the suite shows none to learn from."""
    observed = observe(suite, reference, sandbox, oracle)
    if not observed:
        return None
    trials = Trials(suite, reference, second_references, observed, sandbox)
    alike = symmetric(observed, trials.agrees)
    strategy = valid_inputs([item.input for item in (*observed, *alike)], reference)
    known = {input_key(item.input) for item in observed}
    made = [item for item in draw(strategy, inputs, seed) if input_key(item) not in known]
    pairs = [(item, run) for item, run in zip(made, trials.answers(made), strict=True) if run is not None]
    return _Ground(trials, strategy, inputs, seed, sorted(pairs, key=lambda pair: size(pair[0])))


def _gap(mutant: Mutant, pair: _Pair) -> Gap:
    item, run = pair
    return Gap(mutant=mutant, input=item, output=run.value if isinstance(item, Call) else run.stdout)
