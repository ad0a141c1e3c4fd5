"""Checkers and interactors in the native format, and in every kind of store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.testsuites.s3_server import BUCKET, s3_server, settings_for
from tests.testsuites.sealing import ONE_KEY
from tests.testsuites.test_archive import zipped_folder
from testsuites import Comparator, JudgeProgram, StdioSuite, StdioTest, SuiteInvalid
from testsuites.appending import copy_suite
from testsuites.directory import DirectoryStore
from testsuites.native_folder import read_suite, write_suite
from testsuites.rules import check_suite
from testsuites.sealed_keys import KEY
from testsuites.sealed_writing import seal, unseal
from testsuites.store import open_store
from testsuites.whole import open_whole
from verifier.image.suites import suite_files

CHECK = "import sys\nsys.exit(42)\n"
TALK = "def interact(input, answer, read, write):\n    return True\n"
HEAD = 'kind = "stdio"\n[[tests]]\nstdin = "1"\nstdout = "2"\n'
CHECKED = f'{HEAD}[checker]\nfile = "check.py"\nprotocol = "kattis"\narguments = ["a", "1e-6"]\n'
PROGRAM = JudgeProgram(code=CHECK, protocol="kattis", arguments=("a", "1e-6"))
ONE = (StdioTest(stdin="1", stdout="2"),)


def folder_of(place: Path, text: str = CHECKED, **programs: str) -> Path:
    """Write a suite's folder, with programs of the judge's beside it."""
    place.mkdir(parents=True)
    (place / "suite.toml").write_text(text)
    for name, code in programs.items():
        (place / f"{name}.py").write_text(code)
    return place


def test_a_checker_beside_the_suite_file(tmp_path: Path) -> None:
    """Its text is part of the suite, with its protocol and its arguments."""
    assert read_suite(folder_of(tmp_path / "s", check=CHECK), "s") == StdioSuite(id="s", tests=ONE, checker=PROGRAM)


def test_a_checker_in_the_suite_file(tmp_path: Path) -> None:
    """TOML and JSON can hold the code; a checker is a function unless it says otherwise."""
    code = "def check(input, output, answer):\n    return True\n"
    suite = read_suite(folder_of(tmp_path / "toml", f"{HEAD}[checker]\ncode = '''\n{code}'''\n"), "s")
    assert suite == StdioSuite(id="s", tests=ONE, checker=JudgeProgram(code=code))
    folder = tmp_path / "json"
    folder.mkdir()
    document = {"kind": "stdio", "tests": [{"stdin": "1", "stdout": "2"}], "checker": {"code": code}}
    (folder / "suite.json").write_text(json.dumps(document))
    assert read_suite(folder, "s") == suite


def test_an_interactor_and_its_checker(tmp_path: Path) -> None:
    """Both may be there, each in a file of its own."""
    text = f'{CHECKED}[interactor]\nfile = "interact.py"\nprotocol = "testlib"\n'
    suite = read_suite(folder_of(tmp_path / "s", text, check=CHECK, interact=TALK), "s")
    assert suite == StdioSuite(
        id="s", tests=ONE, checker=PROGRAM, interactor=JudgeProgram(code=TALK, protocol="testlib")
    )


def test_what_is_written_is_read_as_it_was(tmp_path: Path) -> None:
    """In `suite.json`, with the code in it; what a suite does not have is not written."""
    suite = StdioSuite(id="s", tests=ONE, checker=PROGRAM, interactor=JudgeProgram(code=TALK, protocol="testlib"))
    write_suite(tmp_path / "s", suite)
    assert [path.name for path in (tmp_path / "s").iterdir()] == ["suite.json"]
    assert read_suite(tmp_path / "s", "s") == suite
    write_suite(tmp_path / "plain", StdioSuite(id="s", tests=ONE))
    assert "checker" not in (tmp_path / "plain" / "suite.json").read_text()


@given(st.text(), st.sampled_from(["function", "kattis", "testlib", "prints"]), st.lists(st.text(), max_size=3))
def test_any_checker_is_a_rule_kept_or_a_stated_fault(code: str, protocol: Any, arguments: list[str]) -> None:
    """Whatever a checker holds, the suite can be used or says why not, and quotes none of it."""
    checker = JudgeProgram(code=code, protocol=protocol, arguments=tuple(arguments))
    suite = StdioSuite(id="s", tests=ONE, checker=checker)
    message = ""
    try:
        check_suite(suite, "s")
    except SuiteInvalid as error:
        message = str(error)
    assert not message or message.startswith("s: checker.")


@pytest.mark.parametrize(
    ("text", "programs", "message"),
    [
        (f"{HEAD}[checker]\n", {}, "checker: needs either file or code"),
        (f'{HEAD}[checker]\nfile = "check.py"\ncode = "SECRET"\n', {"check": "SECRET"}, "checker: needs either"),
        (f'{HEAD}[checker]\nfile = "../SECRET.py"\n', {}, "checker.file: must be check.py or interact.py"),
        (f'{HEAD}[checker]\nfile = "check.py"\n', {}, "checker.file: there is no check.py beside"),
        (f'{HEAD}[checker]\ncode = ""\n', {}, "checker.code: empty"),
        (f'{HEAD}[checker]\ncode = "SECRET("\n', {}, "checker.code: not valid Python"),
        (f'{HEAD}[checker]\ncode = "#"\nprotocol = "SECRET"\n', {}, "checker.protocol: not one of the known values"),
        (f'{HEAD}[checker]\ncode = "#"\nfiles = "SECRET"\n', {}, "checker: unknown field"),
        (f'{HEAD}[checker]\ncode = "#"\narguments = ["SECRET"]\n', {}, "checker.arguments: a function is given none"),
        (f'{HEAD}[checker]\ncode = "#"\n[comparator]\nname = "exact"\n', {}, "comparator: has no effect beside a c"),
        (f'{HEAD}[interactor]\ncode = "#"\nprotocol = "prints"\n', {}, "interactor.protocol: prints"),
        (
            f'{HEAD}[checker]\ncode = "#"\n[interactor]\ncode = "#"\nprotocol = "kattis"\n',
            {},
            "checker: beside an interactor of testlib only",
        ),
        (HEAD, {"check": "SECRET"}, "there is check.py beside it, and no checker or interactor names that file"),
        (HEAD, {"interact": "SECRET"}, "there is interact.py beside it"),
        (
            'kind = "call"\nentry_point = "f"\n[[tests]]\nargs = []\nexpected = 1\n[checker]\ncode = "SECRET"\n',
            {},
            "unknown field",
        ),
        (
            f'{HEAD}[comparator]\ncase_sensitive = false\n',
            {},
            "comparator.case_sensitive: has an effect with the comparator words only",
        ),
        (
            f'{HEAD}[comparator]\nname = "lines"\nspace_sensitive = true\n',
            {},
            "comparator.space_sensitive: has an effect with the comparator words only",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_named_and_nothing_hidden_is_shown(
    tmp_path: Path, text: str, programs: dict[str, str], message: str
) -> None:
    """A message names the field, and quotes no code."""
    with pytest.raises(SuiteInvalid) as caught:
        read_suite(folder_of(tmp_path / "s", text, **programs), "s")
    assert message in str(caught.value)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(("size", "fits"), [(1024 * 1024, True), (1024 * 1024 + 1, False)])
def test_the_size_of_a_checker_is_bounded(size: int, fits: bool) -> None:
    """A million characters are enough for any program of an author's."""
    suite = StdioSuite(id="s", tests=ONE, checker=JudgeProgram(code="#" * size))
    if fits:
        check_suite(suite, "s")
    else:
        with pytest.raises(SuiteInvalid, match=r"checker.code: at most 1,048,576 characters"):
            check_suite(suite, "s")


def test_digests_of_suites_from_before() -> None:
    """Fields that came later leave the digest of a suite that does not use them; each that is used changes it."""
    suite = StdioSuite(id="s", tests=ONE)
    digests = {suite.digest}
    assert suite.digest == "sha256:07d818659790e71d4153320a15062eb0578d489e3aa5a457a8351ecb425c6cf4"
    for name, default in (("case_sensitive", True), ("space_sensitive", False)):
        words = msgspec.structs.replace(suite, comparator=Comparator(name="words", **{name: not default}))
        digests.add(words.digest)
    digests.add(msgspec.structs.replace(suite, comparator=Comparator(name="words")).digest)
    for changed in ({"code": "#"}, {"protocol": "testlib"}, {"arguments": ("a",)}, {}):
        checker = msgspec.structs.replace(PROGRAM, **changed)
        digests.add(msgspec.structs.replace(suite, checker=checker).digest)
    digests.add(msgspec.structs.replace(suite, interactor=PROGRAM).digest)
    assert len(digests) == 9


def test_a_checker_that_changes_is_read_again(tmp_path: Path) -> None:
    """A directory looks at its time and size, as at those of every part of a suite."""
    folder = folder_of(tmp_path / "suites" / "s", check=CHECK)
    store = DirectoryStore(tmp_path / "suites")
    before = store.load("s")
    assert store.load("s") is before
    (folder / "check.py").write_text(f"# more\n{CHECK}")
    assert store.load("s").digest != before.digest


def test_every_store_carries_a_checker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive, a sealed file, what comes out of it, and objects in S3 hold the suite of the folder."""
    monkeypatch.setenv(KEY, ONE_KEY)
    suites = tmp_path / "suites"
    folder_of(suites / "deep" / "s", check=CHECK)
    digest = DirectoryStore(suites).load("deep/s").digest
    (tmp_path / "suites.zip").write_bytes(zipped_folder(suites))
    seal(open_whole(str(suites)), "suites", tmp_path / "suites.sealed")
    unseal(open_whole(str(tmp_path / "suites.zip")), tmp_path / "again")
    for place in ("suites.zip", "suites.sealed", "again"):
        assert open_store(tmp_path / place).load("deep/s").digest == digest
    with s3_server(keys_of_a_page=3) as server:
        for name, value in settings_for(server.url).items():
            monkeypatch.setenv(name, value)
        server.upload(suites, "suites")
        assert open_store(f"s3://{BUCKET}/suites").load("deep/s").digest == digest


def test_what_is_made_of_a_suite_has_its_checker(tmp_path: Path) -> None:
    """An image holds the file, and so does a copy that is hardened."""
    folder = folder_of(tmp_path / "suites" / "s", check=CHECK)
    (folder / "notes.py").write_text("")
    (folder / "reference.py").write_text("")
    assert sorted(suite_files(tmp_path / "suites")) == ["suites/s/check.py", "suites/s/suite.toml"]
    copied = copy_suite(
        folder, tmp_path / "copy", read_suite(folder, "s"), [StdioTest(stdin="3", stdout="4", name="m")]
    )
    assert isinstance(copied, StdioSuite)
    assert copied.checker == PROGRAM
    assert len(copied.tests) == 2


def test_a_folder_with_a_checker_is_somebodys(tmp_path: Path) -> None:
    """Importing does not write a suite into it."""
    folder = folder_of(tmp_path / "s", check=CHECK)
    with pytest.raises(SuiteInvalid, match="written by hand"):
        write_suite(folder, StdioSuite(id="s", tests=ONE))
