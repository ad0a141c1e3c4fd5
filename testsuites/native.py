"""The native format: one suite in one folder, written by hand as `suite.toml` or by a machine as `suite.json`.

    suite.toml or suite.json    the suite; one schema, two spellings
    tests/NAME.in, NAME.ans     more tests of a stdio suite, after those in the file, sorted by name
    tests/NAME.py               more tests of a script suite, likewise
    problem.md                  the statement            )
    reference.py                a solution               )  for people and checks; never part of the suite
    submissions/VERDICT/*       submissions to check     )
    calibration.json            what calibrating found   )

    kind = "stdio" | "call" | "script"        language = "python"
    [limits]      cpu_seconds, memory_mb, output_mb
    [comparator]  name, absolute, relative
    stdio         [[tests]] stdin, stdout
    call          entry_point, fresh; [[tests]] args or args_literal, kwargs or kwargs_literal, expected or
                  expected_literal, also_accepted or also_accepted_literal, read_back
    script        names, setup; [[tests]] code
    every test    name, weight, group

A field that ends in `_literal` holds the value as Python literal text (`testsuites.literals`), for what TOML and JSON
cannot say: tuples, sets, None, bytes, keys that are not strings. In `suite.json`, NaN and infinities are spelled as
Python's `json` spells them: NaN, Infinity, -Infinity.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from testsuites.decoding import convert, read_json
from testsuites.errors import SuiteInvalid
from testsuites.literals import is_json, read_literal, write_literal
from testsuites.model import (
    AnySuite,
    CallSuite,
    CallTest,
    Comparator,
    ScriptSuite,
    ScriptTest,
    StdioSuite,
    StdioTest,
    SuiteLimits,
)
from testsuites.rules import MAX_TESTS, check_suite

SUITE_FILES = ("suite.toml", "suite.json")
TESTS_FOLDER = "tests"
SUBMISSIONS_FOLDER = "submissions"
PROBLEM_FILE = "problem.md"
REFERENCE_FILE = "reference.py"
TEST_SUFFIXES = (".in", ".ans", ".py")
MAX_FILES = 2 * MAX_TESTS + 1
MAX_FILE_BYTES = 256 * 1024 * 1024
MAX_SUITE_BYTES = 512 * 1024 * 1024

_MOST_KEY_PARTS = 32
_LONG_KEY = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{_MOST_KEY_PARTS}}}")
_TOML_TEXT = re.compile(  # strings of the four kinds, even where they do not end, and comments (toml.io/en/v1.0.0)
    r"""
      "{3} (?: [^"\\] | \\. | "(?!"") )*+ (?: "{3,5} | \Z )
    | '{3} (?: [^'] | '(?!'') )*+ (?: '{3,5} | \Z )
    | " (?: [^"\\\n] | \\. )*+ "?
    | ' [^'\n]*+ '?
    | [#] [^\n]*+
    """,
    re.VERBOSE | re.DOTALL,
)


class SuiteFiles(NamedTuple):
    """The files of one suite, wherever they are kept.

    Attributes:
        place: what a message starts with; a file is told as ``place/name``.
        names: those of `SUITE_FILES` that are there, and ``tests/NAME`` for each test file.
        read: returns the bytes of the file of that name, or raises SuiteInvalid.
    """

    place: str
    names: Collection[str]
    read: Callable[[str], bytes]


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str = ""
    weight: float = 1.0
    group: str | None = None


class _StdioRow(_Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    stdin: str
    stdout: str


class _CallRow(_Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    args: list[Any] | UnsetType = UNSET
    args_literal: str | UnsetType = UNSET
    kwargs: dict[str, Any] | UnsetType = UNSET
    kwargs_literal: str | UnsetType = UNSET
    expected: Any = UNSET
    expected_literal: str | UnsetType = UNSET
    also_accepted: list[Any] | UnsetType = UNSET
    also_accepted_literal: str | UnsetType = UNSET
    read_back: int | None = None


class _ScriptRow(_Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: str


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    language: str = "python"
    limits: SuiteLimits = SuiteLimits()
    comparator: Comparator = Comparator()


class _StdioFile(_File, frozen=True, kw_only=True, tag="stdio"):
    tests: tuple[_StdioRow, ...] = ()


class _CallFile(_File, frozen=True, kw_only=True, tag="call"):
    entry_point: str
    fresh: bool = False
    tests: tuple[_CallRow, ...] = ()


class _ScriptFile(_File, frozen=True, kw_only=True, tag="script"):
    names: tuple[str, ...]
    setup: str = ""
    tests: tuple[_ScriptRow, ...] = ()


_KINDS = ("stdio", "call", "script")


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


def parse_suite(files: SuiteFiles, suite_id: str) -> AnySuite:
    """Build the suite that some files hold.

    Args:
        files: the files. Only those that the suite's kind asks for are read.
        suite_id: the id to give to the suite.

    Raises:
        SuiteInvalid: as `read_suite`.
    """
    name = _suite_file(files)
    place = f"{files.place}/{name}"
    document = _document(_text(files, name), place)
    if not isinstance(document, dict) or document.get("kind") not in _KINDS:
        raise SuiteInvalid(f"{place}: kind: expected one of {', '.join(_KINDS)}")
    file = convert(document, _StdioFile | _CallFile | _ScriptFile, place)  # type: ignore[arg-type]
    suite = _suite(file, files, suite_id, place)
    check_suite(suite, place)
    return suite


def check_sizes(place: str, sizes: Mapping[str, int]) -> None:
    """Return if the files of a suite may be read into memory.

    Args:
        place: as in `SuiteFiles`.
        sizes: bytes in each file, by name.

    Raises:
        SuiteInvalid: there are more than `MAX_FILES`, one is larger than `MAX_FILE_BYTES`, or all are larger than
            `MAX_SUITE_BYTES`.
    """
    if len(sizes) > MAX_FILES:
        raise SuiteInvalid(f"{place}/{TESTS_FOLDER}: more than {MAX_TESTS:,} tests")
    for name, size in sizes.items():
        if size > MAX_FILE_BYTES:
            raise SuiteInvalid(f"{place}/{name}: larger than {MAX_FILE_BYTES // 1024**2} MiB")
    if sum(sizes.values()) > MAX_SUITE_BYTES:
        raise SuiteInvalid(f"{place}: its files are larger than {MAX_SUITE_BYTES // 1024**2} MiB together")


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
    return _decoded(read_bytes(path), str(path))


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
        found = {name: folder / name for name in SUITE_FILES if (folder / name).is_file()}
        beside = [path for path in tests.iterdir() if path.suffix in TEST_SUFFIXES] if tests.is_dir() else []
    except OSError as error:
        raise SuiteInvalid(f"{tests}: cannot be read: {error.strerror}") from None
    return found | {f"{TESTS_FOLDER}/{path.name}": path for path in beside}


def _suite_file(files: SuiteFiles) -> str:
    found = [name for name in SUITE_FILES if name in files.names]
    if len(found) != 1:
        problem = "both of" if found else "neither"
        raise SuiteInvalid(f"{files.place}: holds {problem} {' and '.join(SUITE_FILES)}; keep exactly one")
    return found[0]


def _text(files: SuiteFiles, name: str) -> str:
    return _decoded(files.read(name), f"{files.place}/{name}")


def _decoded(data: bytes, place: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise SuiteInvalid(f"{place}: not valid UTF-8 text at byte {error.start}") from None


def _document(text: str, place: str) -> Any:
    text = text.removeprefix("\ufeff")
    if place.endswith(".json"):
        try:
            return read_json(text)
        except ValueError as error:
            raise SuiteInvalid(f"{place}: {error}") from None
    _refuse_long_keys(text, place)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:  # its message quotes keys: keep the position only
        position = re.search(r"\(at [^()]*\)$", str(error))
        raise SuiteInvalid(f"{place}: not valid TOML {position[0] if position else ''}".rstrip()) from None
    except (RecursionError, ValueError):  # Python's limits on nesting and on decimal digits
        raise SuiteInvalid(f"{place}: nested too deeply, or a number has more than 4,300 digits") from None


def _refuse_long_keys(text: str, place: str) -> None:
    """Return if no key has more than `_MOST_KEY_PARTS`: `tomllib` takes quadratic time for them."""
    if _LONG_KEY.search(_TOML_TEXT.sub("_", text)):
        raise SuiteInvalid(f"{place}: a key has more than {_MOST_KEY_PARTS} parts")


def _suite(file: _StdioFile | _CallFile | _ScriptFile, files: SuiteFiles, suite_id: str, place: str) -> AnySuite:
    head: dict[str, Any] = {
        "id": suite_id,
        "language": file.language,
        "limits": file.limits,
        "comparator": file.comparator,
    }
    match file:
        case _StdioFile():
            inline = (StdioTest(**_fields(row)) for row in file.tests)
            return StdioSuite(**head, tests=(*inline, *_stdio_files(files)))
        case _ScriptFile():
            code = (ScriptTest(**_fields(row)) for row in file.tests)
            tests = (*code, *_script_files(files))
            return ScriptSuite(**head, names=file.names, setup=file.setup, tests=tests)
        case _CallFile():
            calls = tuple(_call(row, f"{place}: tests[{number}]") for number, row in enumerate(file.tests))
            return CallSuite(**head, entry_point=file.entry_point, fresh=file.fresh, tests=calls)


def _fields(row: _Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}


def _call(row: _CallRow, place: str) -> CallTest:
    args = _either(row, "args", list | tuple, place)
    if args is UNSET:
        raise SuiteInvalid(f"{place}: needs args or args_literal")
    expected = _either(row, "expected", object, place)
    if expected is UNSET:
        raise SuiteInvalid(f"{place}: needs expected or expected_literal (None is written as a literal)")
    kwargs = _either(row, "kwargs", dict, place)
    if kwargs is not UNSET and not all(type(key) is str for key in kwargs):
        raise SuiteInvalid(f"{place}.kwargs_literal: keys must be strings")
    also_accepted = _either(row, "also_accepted", list | tuple, place)
    return CallTest(
        args=tuple(args),
        kwargs={} if kwargs is UNSET else kwargs,
        expected=expected,
        also_accepted=() if also_accepted is UNSET else tuple(also_accepted),
        read_back=row.read_back,
        name=row.name,
        weight=row.weight,
        group=row.group,
    )


def _either(row: _CallRow, field: str, kind: Any, place: str) -> Any:
    """Return the value of a field or of its literal twin; UNSET when neither is there."""
    plain, literal = getattr(row, field), getattr(row, f"{field}_literal")
    if literal is UNSET:
        return plain
    if plain is not UNSET:
        raise SuiteInvalid(f"{place}: give {field} or {field}_literal, not both")
    try:
        value = read_literal(literal)
    except ValueError as error:
        raise SuiteInvalid(f"{place}.{field}_literal: {error}") from None
    if not isinstance(value, kind):
        expected = "a dictionary" if kind is dict else "a tuple or a list"
        raise SuiteInvalid(f"{place}.{field}_literal: expected {expected}")
    return value


def _beside(files: SuiteFiles, *suffixes: str) -> list[PurePosixPath]:
    """List test files of the given kinds beside the suite file, sorted by name."""
    paths = map(PurePosixPath, sorted(files.names))
    return [path for path in paths if path.parent.name == TESTS_FOLDER and path.suffix in suffixes]


def _stdio_files(files: SuiteFiles) -> Iterator[StdioTest]:
    for path in _beside(files, ".in", ".ans"):
        twin = path.with_suffix(".in" if path.suffix == ".ans" else ".ans")
        if str(twin) not in files.names:
            raise SuiteInvalid(f"{files.place}/{path}: there is no {twin.name} beside it")
        if path.suffix == ".in":
            yield StdioTest(stdin=_text(files, str(path)), stdout=_text(files, str(twin)), name=path.stem)


def _script_files(files: SuiteFiles) -> Iterator[ScriptTest]:
    for path in _beside(files, ".py"):
        yield ScriptTest(code=_text(files, str(path)), name=path.stem)


def _written(suite: AnySuite) -> dict[str, Any]:
    """Return the document that `read_suite` reads back; defaults are left out."""
    head: dict[str, Any] = {"kind": suite.__struct_config__.tag}
    for name in suite.__struct_fields__:
        value = getattr(suite, name)
        if name in ("limits", "comparator"):
            value = _changed(value)
        if name not in ("id", "tests") and value not in ({}, "", False):
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
