"""The wheels that an image is made of, downloaded here for the machine and the Python that the image has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from verifier.image.checkout import Checkout
from verifier.image.errors import ImageError

REQUIREMENTS = ("requirements.txt", "requirements-build.txt", "requirements-emulator.txt")
MACHINES = ("x86_64", "aarch64")

_FAMILIES = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")  # peps.python.org/pep-0600
_LOG_TAIL = 2000


def download_wheels(checkout: Checkout, folder: Path, *, python: str, machine: str) -> None:
    """Put into a folder every wheel that the requirements of container/ pin, each with one of the hashes pinned there.

    Args:
        checkout: whose requirements.
        folder: where to; it exists.
        python: version of the image's Python, such as `3.13`.
        machine: one of `MACHINES`.

    Raises:
        ImageError: pip cannot download them; the message holds the end of what it wrote.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--no-deps", "--require-hashes", "--only-binary=:all:", f"--dest={folder}"]
    command += ["--implementation=cp", f"--python-version={python}"]
    command += [f"--platform={family}_{machine}" for family in _FAMILIES]
    command += [f"--requirement={checkout.root / 'container' / name}" for name in REQUIREMENTS]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ImageError(
            f"the wheels for Python {python} on {machine} cannot be downloaded; pip wrote:\n{done.stderr[-_LOG_TAIL:]}"
        )
