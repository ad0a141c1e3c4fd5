"""The native format: one suite in one folder, written by hand as `suite.toml` or by a machine as `suite.json`.

    suite.toml or suite.json    the suite; one schema, two spellings
    tests/NAME.in, NAME.ans     more tests of a stdio suite, after those in the file, sorted by name
    tests/NAME.py               more tests of a script suite, likewise; without names, its one file of tests
    check.py, interact.py       programs of the judge's, which [checker] and [interactor] name; part of the suite
    problem.md                  the statement            )
    reference.py                a solution               )  for people and checks; never part of the suite
    submissions/VERDICT/*       submissions to check     )
    calibration.json            what calibrating found   )

    kind = "stdio" | "call" | "script"        language = "python"
    [limits]      cpu_seconds, memory_mb, output_mb
    [comparator]  name, absolute, relative, case_sensitive, space_sensitive
    stdio         [[tests]] stdin, stdout; [checker] file or code, protocol, arguments; [interactor] the same
    call          entry_point, signature, fresh; [[tests]] args or args_literal, kwargs or kwargs_literal, expected or
                  expected_literal, also_accepted or also_accepted_literal, read_back
    script        names, setup, module, integrity; [[tests]] code
    every test    name, weight, group

A field that ends in `_literal` holds the value as Python literal text (`testsuites.literals`), for what TOML and JSON
cannot say: tuples, sets, None, bytes, keys that are not strings. In `suite.json`, NaN and infinities are spelled as
Python's `json` spells them: NaN, Infinity, -Infinity.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from msgspec import UNSET

from testsuites.collecting import MODULE, collected
from testsuites.decoding import convert
from testsuites.errors import SuiteInvalid
from testsuites.literals import read_literal
from testsuites.model import AnySuite, CallSuite, CallTest, JudgeProgram, ScriptSuite, ScriptTest, StdioSuite, StdioTest
from testsuites.native_rows import KINDS, CallFile, CallRow, ProgramRow, Row, ScriptFile, StdioFile
from testsuites.native_text import decoded, document
from testsuites.rules import MAX_TESTS, check_suite

SUITE_FILES = ("suite.toml", "suite.json")
TESTS_FOLDER = "tests"
SUBMISSIONS_FOLDER = "submissions"
PROBLEM_FILE = "problem.md"
REFERENCE_FILE = "reference.py"
JUDGE_FILES = ("check.py", "interact.py")
TEST_SUFFIXES = (".in", ".ans", ".py")
MAX_FILES = 2 * MAX_TESTS + 1 + len(JUDGE_FILES)
MAX_FILE_BYTES = 256 * 1024 * 1024
MAX_SUITE_BYTES = 512 * 1024 * 1024


class SuiteFiles(NamedTuple):
    """The files of one suite, wherever they are kept.

    Attributes:
        place: what a message starts with; a file is told as ``place/name``.
        names: those of `SUITE_FILES` and `JUDGE_FILES` that are there, and ``tests/NAME`` for each test file.
        read: returns the bytes of the file of that name, or raises SuiteInvalid.
    """

    place: str
    names: Collection[str]
    read: Callable[[str], bytes]


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
    content = document(_text(files, name), place)
    if not isinstance(content, dict) or content.get("kind") not in KINDS:
        raise SuiteInvalid(f"{place}: kind: expected one of {', '.join(KINDS)}")
    file = convert(content, StdioFile | CallFile | ScriptFile, place)  # type: ignore[arg-type]
    _refuse_unnamed_programs(file, files, place)
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


def _suite_file(files: SuiteFiles) -> str:
    found = [name for name in SUITE_FILES if name in files.names]
    if len(found) != 1:
        problem = "both of" if found else "neither"
        raise SuiteInvalid(f"{files.place}: holds {problem} {' and '.join(SUITE_FILES)}; keep exactly one")
    return found[0]


def _text(files: SuiteFiles, name: str) -> str:
    return decoded(files.read(name), f"{files.place}/{name}")


def _suite(file: StdioFile | CallFile | ScriptFile, files: SuiteFiles, suite_id: str, place: str) -> AnySuite:
    head: dict[str, Any] = {
        "id": suite_id,
        "language": file.language,
        "limits": file.limits,
        "comparator": file.comparator,
    }
    match file:
        case StdioFile():
            inline = (StdioTest(**_fields(row)) for row in file.tests)
            head["checker"] = _program(file.checker, files, f"{place}: checker")
            head["interactor"] = _program(file.interactor, files, f"{place}: interactor")
            return StdioSuite(**head, tests=(*inline, *_stdio_files(files)))
        case ScriptFile():
            if not (file.names or file.setup or file.tests) and _beside(files, ".py"):
                return ScriptSuite(**head, **_test_file(file, files))
            code = (ScriptTest(**_fields(row)) for row in file.tests)
            tests = (*code, *_script_files(files))
            return ScriptSuite(**head, **_of_script(file), tests=tests)
        case CallFile():
            calls = tuple(_call(row, f"{place}: tests[{number}]") for number, row in enumerate(file.tests))
            return CallSuite(**head, **_of_call(file), tests=calls)


def _program(row: ProgramRow | None, files: SuiteFiles, place: str) -> JudgeProgram | None:
    """Return a program of the judge's, whose code is in the suite file or beside it."""
    if row is None:
        return None
    if (row.file is None) == (row.code is None):
        raise SuiteInvalid(f"{place}: needs either file or code")
    if row.file is not None and row.file not in JUDGE_FILES:
        raise SuiteInvalid(f"{place}.file: must be {' or '.join(JUDGE_FILES)}, beside the suite file")
    if row.file is not None and row.file not in files.names:
        raise SuiteInvalid(f"{place}.file: there is no {row.file} beside the suite file")
    code = row.code if row.file is None else _text(files, row.file)
    return JudgeProgram(code=code or "", protocol=row.protocol, arguments=row.arguments)


def _refuse_unnamed_programs(file: StdioFile | CallFile | ScriptFile, files: SuiteFiles, place: str) -> None:
    """Return if each program that is there is used: without its checker a suite judges otherwise."""
    rows = (file.checker, file.interactor) if isinstance(file, StdioFile) else ()
    named = {row.file for row in rows if row is not None}
    for name in JUDGE_FILES:
        if name in files.names and name not in named:
            raise SuiteInvalid(f"{place}: there is {name} beside it, and no checker or interactor names that file")


def _of_call(file: CallFile) -> dict[str, Any]:
    return {"entry_point": file.entry_point, "signature": file.signature, "fresh": file.fresh}


def _of_script(file: ScriptFile) -> dict[str, Any]:
    return {"names": file.names, "setup": file.setup, "module": file.module, "integrity": file.integrity}


def _fields(row: Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}


def _call(row: CallRow, place: str) -> CallTest:
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


def _either(row: CallRow, field: str, kind: Any, place: str) -> Any:
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


def _test_file(file: ScriptFile, files: SuiteFiles) -> dict[str, Any]:
    """Return the fields of a suite that is one file of tests, beside the suite file."""
    found = _beside(files, ".py")
    if len(found) != 1:
        raise SuiteInvalid(f"{files.place}/{TESTS_FOLDER}: without names, keep one file of tests there and no other")
    name = str(found[0])
    try:
        return collected(_text(files, name), file.module or MODULE)
    except ValueError as error:
        raise SuiteInvalid(f"{files.place}/{name}: {error}") from None


def _script_files(files: SuiteFiles) -> Iterator[ScriptTest]:
    for path in _beside(files, ".py"):
        yield ScriptTest(code=_text(files, str(path)), name=path.stem)
