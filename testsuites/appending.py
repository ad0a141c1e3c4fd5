"""Add tests to a suite that is kept in a folder, in the format that its author chose, and touch nothing else.

    suite.json alone            written anew
    stdio and script suites     tests/NAME.in and NAME.ans, or tests/NAME.py
    call suites in suite.toml   [[tests]] at its end, or items of its array `tests`; comments and layout are kept

Needs `tomlkit` (the extra `fuzz`) for a `suite.toml` that keeps its tests in an array.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from testsuites import native, native_folder
from testsuites.errors import SuiteInvalid
from testsuites.literals import write_literal
from testsuites.model import AnySuite, CallSuite, CallTest, ScriptTest, StdioTest

Test = StdioTest | CallTest | ScriptTest

_JSON, _TOML = native.SUITE_FILES[1], native.SUITE_FILES[0]
_KEPT = (*native.JUDGE_FILES, native.PROBLEM_FILE, native.REFERENCE_FILE)
_LARGEST = 2**63
"""TOML promises integers of 64 bits."""


def append_tests(folder: Path, suite: AnySuite, tests: Sequence[Test]) -> AnySuite:
    """Add tests to the suite in a folder, and return the suite as it is read then.

    Every file appears whole or not at all. A pair of files that was cut in two is put right by `remove_halves`.

    Args:
        folder: the suite's own.
        suite: what was read from it before.
        tests: of its kind, each with a name that is a file name and that no test has, and a weight of 1.

    Raises:
        SuiteInvalid: the suite is no longer what was read, a name is taken, or it cannot be written.
    """
    if native_folder.read_suite(folder, suite.id).digest != suite.digest:
        raise SuiteInvalid(f"{folder}: was changed meanwhile; run the command again")
    try:
        if isinstance(suite, CallSuite) and (folder / _TOML).is_file():
            _append_to_toml(folder / _TOML, suite, tests)
        elif (folder / _TOML).is_file() or (folder / native.TESTS_FOLDER).is_dir():
            _write_files(folder / native.TESTS_FOLDER, tests)
        else:
            native_folder.write_suite(folder, with_tests(suite, tests))
    except OSError as error:
        raise SuiteInvalid(f"{folder}: cannot be written: {error.strerror}") from None
    return native_folder.read_suite(folder, suite.id)


def with_tests(suite: AnySuite, tests: Sequence[Test]) -> AnySuite:
    """Return the suite with more tests at its end."""
    import msgspec

    return msgspec.structs.replace(suite, tests=(*suite.tests, *tests))


def remove_halves(folder: Path, prefix: str) -> None:
    """Remove test files whose name begins so and that lack their twin: an interrupted `append_tests` left them.

    Raises:
        SuiteInvalid: one cannot be removed.
    """
    tests = folder / native.TESTS_FOLDER
    for path in sorted(tests.glob(f"{prefix}*")) if tests.is_dir() else ():
        twin = {".in": ".ans", ".ans": ".in"}.get(path.suffix)
        if twin is not None and not path.with_suffix(twin).exists():
            try:
                path.unlink()
            except OSError as error:
                raise SuiteInvalid(f"{path}: cannot be removed: {error.strerror}") from None


def copy_suite(source: Path, destination: Path, suite: AnySuite, tests: Sequence[Test]) -> AnySuite:
    """Copy a suite with what is beside it to another folder, add tests there, and return it as it is read then.

    The folder appears whole or not at all. One that is there is replaced; a record of calibration is not copied.

    Raises:
        SuiteInvalid: as for `append_tests`.
    """
    draft = destination.with_name(f".{destination.name}.{uuid.uuid4().hex}")
    try:
        draft.mkdir(parents=True)
        for name in (*native.SUITE_FILES, *_KEPT):
            if (source / name).is_file():
                shutil.copy2(source / name, draft / name)
        for name in (native.TESTS_FOLDER, native.SUBMISSIONS_FOLDER):
            if (source / name).is_dir():
                shutil.copytree(source / name, draft / name)
        if tests:
            append_tests(draft, suite, tests)
        if destination.exists():
            destination.rename(draft.with_name(f"{draft.name}.old"))
        draft.rename(destination)
    except OSError as error:
        raise SuiteInvalid(f"{destination}: cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(draft.with_name(f"{draft.name}.old"), ignore_errors=True)
    return native_folder.read_suite(destination, suite.id)


def _write_files(folder: Path, tests: Sequence[Test]) -> None:
    folder.mkdir(exist_ok=True)
    for test in tests:
        contents = _contents(test)
        for name in contents:
            if (folder / name).exists():
                raise SuiteInvalid(f"{folder / name}: is there already")
        for name, text in contents.items():
            native_folder.replace_text(folder / name, text)


def _contents(test: Test) -> dict[str, str]:
    """Return the files that hold a test."""
    match test:
        case StdioTest():
            return {f"{test.name}.ans": test.stdout, f"{test.name}.in": test.stdin}
        case ScriptTest():
            return {f"{test.name}.py": test.code}
    raise TypeError("a call test has no file of its own")


def _append_to_toml(path: Path, suite: CallSuite, tests: Sequence[Test]) -> None:
    """Write the new text only where it is read as the suite with just these tests more."""
    import tomlkit

    old = native_folder.read_text(path)
    rows = [_row(test) for test in tests if isinstance(test, CallTest)]
    document = tomlkit.parse(old.removeprefix("\ufeff"))
    if isinstance(document["tests"], tomlkit.items.Array):
        for row in rows:
            table = tomlkit.inline_table()
            table.update(row)
            document["tests"].append(table)
        new = tomlkit.dumps(document)
    else:
        new = "\n\n".join((old.rstrip("\n"), *(tomlkit.dumps({"tests": [row]}).rstrip("\n") for row in rows))) + "\n"
    files = native.SuiteFiles(str(path.parent), (path.name,), lambda name: new.encode())
    if native.parse_suite(files, suite.id).digest != with_tests(suite, tests).digest:
        raise SuiteInvalid(f"{path}: tests cannot be added to it; write the suite as [[tests]]")
    native_folder.replace_text(path, new)


def _row(test: CallTest) -> dict[str, Any]:
    """Return the fields of a test in TOML, as literal text where TOML has no such value."""
    row: dict[str, Any] = {"name": test.name}
    values = {"args": list(test.args), "kwargs": test.kwargs, "expected": test.expected}
    for field, value in values.items():
        if field == "kwargs" and not value:
            continue
        row |= {field: value} if _is_toml(value) else {f"{field}_literal": write_literal(value)}
    return row if test.read_back is None else row | {"read_back": test.read_back}


def _is_toml(value: Any) -> bool:
    """Tell whether TOML keeps value and types, and a person can read them."""
    if isinstance(value, list):
        return all(map(_is_toml, value))
    if isinstance(value, str):
        return value.isprintable()
    return isinstance(value, float) or (isinstance(value, int) and -_LARGEST <= value < _LARGEST)
