"""Small packages for tests, as files by their paths, and where the packages that are authored here lie."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from testsuites.importers import PACKAGE_READERS

AUTHORED = {name: Path(__file__).parent / name for name in PACKAGE_READERS}

KATTIS = {
    "problem.yaml": "name: Echo\n",
    "problem_statement/problem.tex": "Print the number.\n",
    "data/sample/1.in": "1\n",
    "data/sample/1.ans": "1\n",
    "data/secret/2.in": "2\n",
    "data/secret/2.ans": "2\n",
    "submissions/accepted/echo.py": "print(input())\n",
}
POLYGON = {
    "problem.xml": """<problem><names><name language="english" value="Echo"/></names>
<judging input-file="" output-file="" run-count="1"><testset name="tests"><time-limit>1500</time-limit>
<memory-limit>67108864</memory-limit><test-count>2</test-count><input-path-pattern>tests/%02d</input-path-pattern>
<answer-path-pattern>tests/%02d.a</answer-path-pattern><tests><test sample="true"/><test/></tests></testset></judging>
<files/><assets><checker name="std::ncmp.cpp"/><solutions><solution tag="main"><source path="solutions/echo.py"
type="python.3"/></solution></solutions></assets></problem>""",
    "tests/01": "1\n",
    "tests/01.a": "1\n",
    "tests/02": "2\n",
    "tests/02.a": "2\n",
    "solutions/echo.py": "print(input())\n",
}
SMALLEST = {"kattis": KATTIS, "polygon": POLYGON}


def put(folder: Path, files: Mapping[str, str | bytes | None]) -> Path:
    """Write the files of a package into a folder; those that are None are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        if content is not None:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def zipped(path: Path, files: Mapping[str, str], below: str = "") -> Path:
    """Write the files of a package into an archive, below a folder where one is named."""
    with zipfile.ZipFile(path, "a") as archive:
        for name, content in files.items():
            archive.writestr(f"{below}{name}", content)
    return path


def record(format_name: str, folder: Path) -> Any:
    """Return the one record of a source."""
    (only,) = PACKAGE_READERS[format_name](folder)
    return only


def reason(format_name: str, folder: Path) -> str:
    """Return why the one package of a source is refused."""
    return str(record(format_name, folder).reason)
