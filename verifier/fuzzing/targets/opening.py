"""From what a user names to what is attacked.

verifier                     this verifier
module:name                  a Python function; its shape is told from its parameters (`shapes`), or given
http://..., https://...      an endpoint that takes the event of an AWS reward function
lambda:NAME, arn:aws:lambda  an AWS Lambda function
policy:NAME, policy:FILE     a reward policy: a part, as `module:name` is one where its shape is in `PARTS`
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import msgspec

from verifier.fuzzing.targets import shapes
from verifier.fuzzing.targets.base import BaseTarget
from verifier.fuzzing.targets.endpoint import HttpTarget
from verifier.fuzzing.targets.errors import TargetError
from verifier.fuzzing.targets.function import LambdaTarget
from verifier.fuzzing.targets.module import ModuleTarget
from verifier.fuzzing.targets.own import NAME, OwnTarget
from verifier.fuzzing.targets.worker import find
from verifier.policy import load_policy
from verifier.sandboxes import LOCAL

_KINDS = "verifier, module:function, http://..., lambda:NAME, an ARN, or policy:NAME"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a verifier, which keeps laws of its own and runs no program.

    Attributes:
        name: as its user named it.
        kind: one of `shapes.PARTS`.
        value: a policy, or a function.
    """

    name: str
    kind: str
    value: Any


def open_subject(
    text: str,
    *,
    shape: str = "auto",
    column: str | None = None,
    range: tuple[float, float] | None = None,
    timeout: float = 30.0,
    path: tuple[str, ...] | None = None,
    policy: str = "graded",
    sandbox: str = LOCAL,
) -> BaseTarget | Part:
    """Open what a user names: a target, or a part of one.

    Args:
        text: as above.
        shape: of a function, one of `shapes.SHAPES`.
        column: of the data set, which holds the suite, for TRL's functions.
        range: lowest and highest reward; None: -1 to 1, and the policy's for this verifier.
        timeout: seconds for each answer.
        path: folders in which modules are looked for first; None: the current one.
        policy: of this verifier, as for `Verifier`.
        sandbox: likewise.

    Raises:
        TargetError: there is nothing of that name, or it cannot be started.
        PolicyError, SettingsError: a policy or a sandbox cannot be used.
    """
    if shape not in shapes.SHAPES:
        raise TargetError(f"no shape {shape}; it is one of {', '.join(shapes.SHAPES)}")
    rewards = range or (-1.0, 1.0)
    if not (rewards[0] < rewards[1] and math.isfinite(rewards[1] - rewards[0])):
        raise TargetError(f"range: {rewards[0]:g} {rewards[1]:g}: give two finite numbers, the lower one first")
    folders = (str(Path.cwd()),) if path is None else tuple(str(Path(folder).resolve()) for folder in path)
    kind, _, rest = text.partition(":")
    if text == NAME:
        return OwnTarget(policy=policy, sandbox=sandbox, timeout=timeout)
    if kind in ("http", "https"):
        return HttpTarget(text, range=rewards, timeout=timeout)
    if kind in ("lambda", "arn") and rest:
        return LambdaTarget(text, rest if kind == "lambda" else text, range=rewards, timeout=timeout)
    if kind == "policy" and rest:
        return Part(name=text, kind="policy", value=load_policy(rest))
    if not (rest and all(word.isidentifier() for word in (*kind.split("."), *rest.split(".")))):
        raise TargetError(f"{text}: no target; name {_KINDS}")
    if shape in shapes.PARTS:
        return _part(text, shape, folders)
    target = ModuleTarget(text, path=folders, shape=shape, column=column, range=rewards, timeout=timeout)
    if target.shape not in shapes.PARTS:
        return target
    target.close()
    return _part(text, target.shape, folders)


def open_target(text: str, **options: Any) -> BaseTarget:
    """Open a target; arguments and errors are those of `open_subject`.

    Raises:
        TargetError: also where the text names a part of a verifier.
    """
    found = open_subject(text, **options)
    if isinstance(found, Part):
        raise TargetError(f"{text}: is a {found.kind}; only laws can be tried on it")
    return found


def _part(text: str, kind: str, folders: tuple[str, ...]) -> Part:
    value = find(text, list(folders))
    if kind == "policy" and isinstance(value, type):
        value = value()
    return Part(name=text, kind=kind, value=value)
