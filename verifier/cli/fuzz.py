"""`verifier fuzz`: attack a verifier, or a part of one, and print a scorecard."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from verifier.cli.errors import INTERRUPTED

_SEED = re.compile("--seed(=|$)")


def fuzz(
    target: Annotated[
        str,
        typer.Argument(
            metavar="TARGET",
            help="verifier, module:function, http://..., lambda:NAME or an ARN, policy:NAME or policy:FILE.",
        ),
    ],
    shape: Annotated[
        str,
        typer.Option(
            help="How the function is called: answer, trl, trl-text, trl-chat, verl or aws; policy, comparator or"
            " extractor for a part. auto: told by its parameters."
        ),
    ] = "auto",
    column: Annotated[
        str | None, typer.Option(help="Column that holds the tests, for a function of TRL's shape.")
    ] = None,
    range_: Annotated[
        tuple[float, float] | None,
        typer.Option("--range", metavar="LOW HIGH", help="Lowest and highest reward. [default: -1 1]"),
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, help="Time for exploits and laws.")] = 60.0,
    seed: Annotated[int, typer.Option(help="Of everything that is drawn.")] = 0,
    only: Annotated[
        str, typer.Option(metavar="REGEX", help="Only exploits and laws whose names match, such as '^A1/'.")
    ] = "",
    harmful: Annotated[
        bool, typer.Option("--harmful", help="Also exploits that harm a machine without protection.")
    ] = False,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for each answer.")] = 30.0,
    path: Annotated[
        list[Path] | None, typer.Option(help="Folder to look for modules in; may be repeated. [default: this one]")
    ] = None,
    policy: Annotated[str, typer.Option(help="Reward policy of the target verifier.")] = "graded",
    sandbox: Annotated[str, typer.Option(help="Sandbox of the target verifier.")] = "local",
    as_json: Annotated[bool, typer.Option("--json", help="Print everything that was found as JSON.")] = False,
) -> None:
    """Attack a verifier: programs that have fooled graders, and laws that every verifier has to keep.

    Programs that could harm this machine are left out, unless they cannot reach it or --harmful is given. The exit code
    is 1 when the target was fooled, broke a law or refused a right program, and 2 when nothing could be measured.

    Example: verifier fuzz my_rewards:reward --seconds 120
    """
    from verifier.cli.fuzz_display import ProgressBar, print_scorecard
    from verifier.cli.hypothesis_home import hypothesis_home
    from verifier.fuzzing.campaign import run
    from verifier.fuzzing.targets import BaseTarget, open_subject

    subject = open_subject(
        target,
        shape=shape,
        column=column,
        range=range_,
        timeout=timeout,
        path=None if path is None else tuple(map(str, path)),
        policy=policy,
        sandbox=sandbox,
    )
    with contextlib.ExitStack() as stack:
        stack.enter_context(hypothesis_home())
        if isinstance(subject, BaseTarget):
            stack.callback(subject.close)
        bar = stack.enter_context(ProgressBar())
        found = run(subject, seconds=seconds, seed=seed, harmful=harmful or None, only=only, progress=bar.show)
    if as_json:
        print(json.dumps(found.data()))
    else:
        print_scorecard(found, _again(seed))
    if found.interrupted:
        raise typer.Exit(INTERRUPTED)
    if not found.held:
        raise typer.Exit(1)


def _again(seed: int) -> str:
    """Return the command that finds the same, as far as its time suffices."""
    given = sys.argv[1:]
    return shlex.join(["verifier", *given, *([] if any(map(_SEED.match, given)) else ["--seed", str(seed)])])
