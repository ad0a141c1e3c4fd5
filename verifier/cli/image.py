"""`verifier image`: the container image, built from a checkout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from verifier.cli.text import console, plain

image = typer.Typer(name="image", help="Build the container image.", no_args_is_help=True)


@image.callback()
def _group() -> None:
    """Build the container image."""


@image.command()
def build(
    tag: Annotated[
        str | None,
        typer.Option(help="Name of the image. [default: rlvr-verifier:VERSION, or VERSION-suites]"),
    ] = None,
    base_image: Annotated[
        str | None, typer.Option(help="Image with Python to build on. [default: that of container/Dockerfile]")
    ] = None,
    platform: Annotated[
        str | None, typer.Option(help="linux/amd64 or linux/arm64. [default: that of the base image]")
    ] = None,
    suites: Annotated[
        Path | None,
        typer.Option(help="Folder of suites to put into the image: for the grader only, never for a runner."),
    ] = None,
    languages: Annotated[
        str, typer.Option(metavar="NAMES", help="What programs in it can be written in, as in 'python cpp javascript'.")
    ] = "python",
    network: Annotated[
        str, typer.Option(help="Network of the step that installs languages, as `docker build` has it.")
    ] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="Print what was built as JSON.")] = False,
) -> None:
    """Build the image of this checkout: both Lambda functions, the command line, and Docker's sandbox.

    The wheels, pinned with their hashes in container/requirements*.txt, are downloaded here by pip; the steps of the
    build have no network, but for one that --languages adds, which installs packages of Debian. An image with --suites
    holds hidden tests: it is for the grader's function only. Build the image of the runner, and that of --sandbox
    docker, without suites.

    Example: verifier image build --tag rlvr-verifier:mine
    """
    import msgspec

    from sandbox.settings import language_names
    from verifier.image import build_image

    terminal = console(stderr=True)
    with terminal.status("building"):  # drawn on a terminal only
        built = build_image(
            tag=tag,
            base_image=base_image,
            platform=platform,
            suites=suites,
            languages=language_names(languages, "--languages") or (),
            network=network,
            report=lambda line: terminal.print(plain(line), soft_wrap=True),
        )
    if as_json:
        print(json.dumps(msgspec.to_builtins(built)))
    else:
        size = f"{built.added_bytes / 1e6:.0f} MB over the {built.base_bytes / 1e6:.0f} MB of {built.base_image}"
        terminal.print(plain(f"{built.tag} is built: {built.id}, {size}"), soft_wrap=True)
    if built.holds_suites:
        terminal.print("it holds hidden tests: use it for the grader only, never for a runner")
