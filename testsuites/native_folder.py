"""One suite in one folder of this machine: read, and written."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any

import msgspec

from testsuites.errors import SuiteInvalid
from testsuites.literals import is_json, write_literal
from testsuites.model import AnySuite, CallSuite, CallTest
from testsuites.native import (
    JUDGE_FILES,
    MAX_FILE_BYTES,
    PROBLEM_FILE,
    REFERENCE_FILE,
    SUITE_FILES,
    TEST_SUFFIXES,
    TESTS_FOLDER,
    SuiteFiles,
    check_sizes,
    parse_suite,
)
from testsuites.native_text import decoded
from testsuites.rules import check_suite


def read_suite(folder: Path, suite_id: str) -> AnySuite:
    """Read the suite that a folder holds.

    Args:
        folder: the folder.
        suite_id: the id to give to the suite.

    Raises:
        SuiteInvalid: there is none, or it breaks a rule; the message names the file and the field.
    """
    paths = _files(folder)
    try:
        sizes = {name: path.stat().st_size for name, path in paths.items() if path.exists()}
    except OSError as error:
        raise SuiteInvalid(f"{folder}: cannot be read: {error.strerror}") from None
    check_sizes(str(folder), sizes)
    return parse_suite(SuiteFiles(str(folder), paths.keys(), lambda name: read_bytes(paths[name])), suite_id)


def write_suite(folder: Path, suite: AnySuite, *, reference: str | None = None, problem: str | None = None) -> None:
    """Write a suite as `suite.json`, so that `read_suite` gives an equal suite; replace the one that is there.

    Each file appears whole or not at all, the suite last.

    Args:
        folder: made when it is not there.
        suite: the suite; its id is not written, the folder's place says it.
        reference: text of `reference.py`; None leaves the file as it is.
        problem: text of `problem.md`; None leaves the file as it is.

    Raises:
        SuiteInvalid: the suite breaks a rule, the folder holds a suite written by hand, or it cannot be written.
    """
    check_suite(suite, suite.id)
    if _files(folder).keys() - {SUITE_FILES[1]}:
        raise SuiteInvalid(f"{folder}: holds a suite written by hand; write to another folder, or remove it first")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if problem is not None:
            replace_text(folder / PROBLEM_FILE, problem)
        if reference is not None:
            replace_text(folder / REFERENCE_FILE, reference)
        replace_text(folder / SUITE_FILES[1], json.dumps(_written(suite)) + "\n")
    except OSError as error:
        raise SuiteInvalid(f"{folder}: cannot be written: {error.strerror}") from None
    except UnicodeEncodeError:
        raise SuiteInvalid(f"{folder}: the problem or the reference is not valid Unicode text") from None


def read_text(path: Path) -> str:
    """Return a file's text with its line ends as they are.

    Raises:
        SuiteInvalid: it cannot be read, is larger than `MAX_FILE_BYTES`, or is not UTF-8.
    """
    return decoded(read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """Return what a file holds.

    Raises:
        SuiteInvalid: it cannot be read, or is larger than `MAX_FILE_BYTES`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise SuiteInvalid(f"{path}: cannot be read: {error.strerror}") from None
    check_sizes(str(path.parent), {path.name: len(data)})  # what has no size of its own, or grew
    return data


def replace_text(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old text or the new, never half of one.

    Raises:
        OSError: it cannot be written.
        UnicodeEncodeError: the text is not valid Unicode.
    """
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        draft.write_bytes(text.encode())
        os.replace(draft, path)  # noqa: PTH105 - the same call, named for what it does on a file that is there
    finally:
        draft.unlink(missing_ok=True)


def _files(folder: Path) -> dict[str, Path]:
    """Return the files in a folder that a suite can consist of, by name."""
    tests = folder / TESTS_FOLDER
    try:
        found = {name: folder / name for name in (*SUITE_FILES, *JUDGE_FILES) if (folder / name).is_file()}
        beside = [path for path in tests.iterdir() if path.suffix in TEST_SUFFIXES] if tests.is_dir() else []
    except OSError as error:
        raise SuiteInvalid(f"{tests}: cannot be read: {error.strerror}") from None
    return found | {f"{TESTS_FOLDER}/{path.name}": path for path in beside}


def _written(suite: AnySuite) -> dict[str, Any]:
    """Return the document that `read_suite` reads back; defaults are left out."""
    head: dict[str, Any] = {"kind": suite.__struct_config__.tag}
    for name in suite.__struct_fields__:
        value = getattr(suite, name)
        if name in ("limits", "comparator", "checker", "interactor") and value is not None:
            value = _changed(value)
        if name not in ("id", "tests") and value not in ({}, "", False, None):
            head[name] = value
    if isinstance(suite, CallSuite):
        return head | {"tests": [_written_call(test) for test in suite.tests]}
    return head | {"tests": [_changed(test) for test in suite.tests]}


def _written_call(test: CallTest) -> dict[str, Any]:
    row = _changed(test)
    for field in ("args", "kwargs", "expected", "also_accepted"):
        if field not in row:
            continue
        value = list(row.pop(field)) if field in ("args", "also_accepted") else row.pop(field)
        if is_json(value):
            row[field] = value
        else:
            row[f"{field}_literal"] = write_literal(value)
    return row


def _changed(value: msgspec.Struct) -> dict[str, Any]:
    """Return the fields that differ from their defaults."""
    fields = msgspec.structs.fields(value)
    current = {field.name: getattr(value, field.name) for field in fields}
    defaults = {
        field.name: field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default
        for field in fields
    }
    return {name: item for name, item in current.items() if item is not defaults[name] and item != defaults[name]}
