"""`verifier invoke`: one event through the Lambda handler, on this machine."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from verifier.cli.errors import CommandError


def invoke(
    event: Annotated[
        str, typer.Argument(metavar="EVENT", help="JSON file that holds the event, or - for standard input.")
    ],
    suites: Annotated[
        str | None, typer.Option(help="Folder of suites or s3://bucket/prefix, for events that name their suites.")
    ] = None,
    policy: Annotated[str | None, typer.Option(help="Name of a reward policy, or a TOML file.")] = None,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds the function may take.")] = 300.0,
) -> None:
    """Send one event to the Lambda handler and print its reply as JSON.

    The handler runs in Amazon's runtime client, under the Lambda Runtime Interface Emulator, fetched at first use.

    Example: verifier invoke examples/event.json --suites testsuites/bundled
    """
    from verifier.aws.emulator import invoke_once

    reply = invoke_once(_read(event), suites=suites, policy=policy, timeout=timeout)
    print(json.dumps(reply, indent=2 if sys.stdout.isatty() else None))


def _read(place: str) -> object:
    """Read the event.

    Raises:
        CommandError: it is not JSON in UTF-8.
        OSError: the file cannot be read.
    """
    data = sys.stdin.buffer.read() if place == "-" else Path(place).read_bytes()
    try:
        return json.loads(data)
    except UnicodeDecodeError as error:
        raise CommandError(f"{place}: not UTF-8 (byte {error.start + 1})") from None
    except json.JSONDecodeError as error:
        raise CommandError(f"{place} line {error.lineno}: not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError):
        raise CommandError(f"{place}: a number is too long, or the event is nested too deeply") from None
