"""The last step of container/Dockerfile's first stage: what is in /opt/verifier becomes what the image holds.

Runs in the interpreter of that virtual environment, as root, in the folder of the build. Standard library only.
"""

from __future__ import annotations

import compileall
import os
import platform
import py_compile
import shutil
import sys
import zipfile
from pathlib import Path

IMAGE = Path("/image")
BIN = IMAGE / "opt" / "verifier" / "bin"
LIB = Path(sys.prefix) / "lib"  # under the name that it has in the image, which compiled modules hold

# Members of the wheel of aws-sam-cli (verifier/aws/emulator_binary.py).
EMULATORS = {"x86_64": "aws-lambda-rie-x86_64", "aarch64": "aws-lambda-rie-arm64"}


def main() -> None:
    """Add the emulator and the entry point, compile everything, and make owners, modes and times the same each time."""
    add_emulator()
    shutil.copyfile("entrypoint.sh", BIN / "entrypoint.sh")
    compile_everything()
    for path in (IMAGE, *IMAGE.rglob("*")):
        settle(path)


def add_emulator() -> None:
    """Take the emulator for this machine out of its wheel."""
    wheel = next(Path("wheels").glob("aws_sam_cli-*.whl"))
    member = f"samcli/local/rapid/{EMULATORS[platform.machine()]}"
    with zipfile.ZipFile(wheel).open(member) as source, (BIN / "aws-lambda-rie").open("wb") as copy:
        shutil.copyfileobj(source, copy)


def compile_everything() -> None:
    """Compile every module, so that none is compiled at a start.

    Unchecked: a source is not even looked at, and the result does not depend on its time (PEP 552).
    """
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    if not compileall.compile_dir(LIB, quiet=1, invalidation_mode=mode):
        sys.exit("a module cannot be compiled; its error is above")


def settle(path: Path) -> None:
    """Give a file to root, let everyone read it and nobody else change it, and give it the one time of the build."""
    os.chown(path, 0, 0, follow_symlinks=False)
    if not path.is_symlink():
        runs = path.is_dir() or path.parent == BIN or os.access(path, os.X_OK)
        path.chmod(0o755 if runs else 0o644)
    moment = int(os.environ["SOURCE_DATE_EPOCH"])
    os.utime(path, (moment, moment), follow_symlinks=False)


if __name__ == "__main__":
    main()
