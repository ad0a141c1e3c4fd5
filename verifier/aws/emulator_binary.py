"""The Lambda Runtime Interface Emulator's binary: where it is, and how to get it.

It is a static program that rides in the wheel of aws-sam-cli. ``python -m verifier.aws.emulator_binary`` takes it from
there and puts it into the user's cache; the rest of that wheel is not installed.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

_BINARIES = {"x86_64": "aws-lambda-rie-x86_64", "aarch64": "aws-lambda-rie-arm64"}
_LOG_TAIL = 2000


class EmulatorError(Exception):
    """The emulator is missing, or it failed, or the function did. The message says what to do."""


def find_emulator() -> Path:
    """Return the emulator's binary: what VERIFIER_RIE names, else the one that `fetch_emulator` put in the cache.

    Raises:
        EmulatorError: it is not there; the message holds the command that fetches it.
    """
    named = os.environ.get("VERIFIER_RIE")
    binary = Path(named) if named else _cached()
    if os.access(binary, os.X_OK) and binary.is_file():
        return binary
    if named:
        raise EmulatorError(f"VERIFIER_RIE: {named} is not a program; name the emulator's binary, or unset it")
    raise EmulatorError("the Lambda emulator is not installed; run: python -m verifier.aws.emulator_binary")


def fetch_emulator() -> Path:
    """Put the emulator's binary into the cache directory, out of the wheel of aws-sam-cli, and return its path.

    Raises:
        EmulatorError: pip cannot download the wheel, or the wheel holds no emulator.
    """
    binary = _cached()
    binary.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=binary.parent) as folder:
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, "aws-sam-cli"]
        done = subprocess.run([*download, "--only-binary=:all:"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise EmulatorError(f"the Lambda emulator cannot be downloaded; pip wrote:\n{done.stderr[-_LOG_TAIL:]}")
        fetched = Path(folder) / binary.name
        try:
            wheel = next(Path(folder).glob("*.whl"))
            with zipfile.ZipFile(wheel).open(f"samcli/local/rapid/{binary.name}") as source, fetched.open("wb") as copy:
                shutil.copyfileobj(source, copy)
        except (StopIteration, KeyError):
            raise EmulatorError(
                "this version of aws-sam-cli holds no Lambda emulator; let VERIFIER_RIE name a binary from "
                "github.com/aws/aws-lambda-runtime-interface-emulator"
            ) from None
        fetched.chmod(0o755)
        fetched.replace(binary)  # whole, or not there
    return binary


def _cached() -> Path:
    """Return where the binary for this machine is kept.

    Raises:
        EmulatorError: there is none for this kind of machine.
    """
    name = _BINARIES.get(platform.machine())
    if name is None:
        raise EmulatorError(f"there is no Lambda emulator for {platform.machine()}; known are {', '.join(_BINARIES)}")
    return Path.home() / ".cache" / "rlvr-verifier" / name


if __name__ == "__main__":
    try:
        print(fetch_emulator())
    except EmulatorError as error:
        sys.exit(f"error: {error}")
