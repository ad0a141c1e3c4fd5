"""testsuites.directory and testsuites.store: suites below a directory."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites.directory import DirectoryStore, Labelled
from testsuites.errors import SuiteInvalid, SuiteNotFound
from testsuites.model import StdioSuite, StdioTest
from testsuites.store import check_id, open_store


def _suite(suite_id: str, expected: str = "1") -> StdioSuite:
    return StdioSuite(id=suite_id, tests=(StdioTest(stdin="1", stdout=expected),))


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    """Return an empty store."""
    return DirectoryStore(tmp_path / "suites", create=True)


def test_what_is_written_is_listed_and_loaded(store: DirectoryStore) -> None:
    """Ids are the folders' paths, nested and sorted."""
    for suite_id in ["b", "HumanEval/10", "HumanEval/2", "a/b/c"]:
        store.write(_suite(suite_id), reference=f"# {suite_id}")
    assert list(store.ids()) == ["HumanEval/10", "HumanEval/2", "a/b/c", "b"]
    assert store.load("a/b/c") == _suite("a/b/c")
    assert store.reference("a/b/c") == "# a/b/c"
    assert open_store(store.path).load("b") == _suite("b")


def test_only_changed_suites_are_read_again(store: DirectoryStore) -> None:
    """A suite is kept in memory until one of its files changes."""
    store.write(_suite("s"))
    first = store.load("s")
    assert store.load("s") is first
    store.write(_suite("s", expected="22"))
    assert store.load("s") == _suite("s", expected="22")


def test_a_new_test_file_is_seen(store: DirectoryStore) -> None:
    """Files beside the suite file count as part of the suite."""
    folder = store.path / "s"
    (folder / "tests").mkdir(parents=True)
    (folder / "suite.toml").write_text('kind = "script"\nnames = ["f"]\n')
    (folder / "tests" / "a.py").write_text("f()")
    assert len(store.load("s").tests) == 1
    (folder / "tests" / "b.py").write_text("f()")
    assert len(store.load("s").tests) == 2


def test_threads_may_load_at_once(store: DirectoryStore) -> None:
    """Loading from several threads gives each the suite it asked for."""
    wanted = [f"s{number}" for number in range(20)]
    for suite_id in wanted:
        store.write(_suite(suite_id, expected=suite_id))
    with ThreadPoolExecutor(4) as threads:
        assert [suite.id for suite in threads.map(store.load, wanted * 5)] == wanted * 5


def test_a_missing_suite_is_told_with_close_ones(store: DirectoryStore) -> None:
    """The message counts the suites and names close ids."""
    store.write(_suite("HumanEval/1"))
    store.write(_suite("Mbpp/77"))
    with pytest.raises(SuiteNotFound, match=r"no suite HumanEva/1 among the 2 there; did you mean HumanEval/1\?$"):
        store.load("HumanEva/1")


@pytest.mark.parametrize("method", ["load", "reference", "submissions"])
@pytest.mark.parametrize(
    "suite_id", ["", ".", "..", "../s", "a/../s", "/s", "s/", "a//s", "a\\s", "s\n", "s\0", "ü", "~", "x" * 201]
)
def test_an_id_cannot_leave_the_directory(store: DirectoryStore, method: str, suite_id: str) -> None:
    """What is no id is refused before the file system is asked, and is not shown."""
    (store.path.parent / "s").mkdir()
    (store.path.parent / "s" / "suite.toml").write_text("")
    with pytest.raises(SuiteInvalid, match=r"this is not one$"):
        getattr(store, method)(suite_id)


@given(st.text() | st.text("./a\\-_ "))
def test_an_id_stays_below_any_directory(suite_id: str) -> None:
    """Every text that passes as an id names a place strictly below the directory it is joined to."""
    try:
        check_id(suite_id)
    except SuiteInvalid:
        return
    place = os.path.normpath(f"/suites/{suite_id}")
    assert place == f"/suites/{suite_id}"
    assert place != "/suites"


def test_labelled_submissions_are_listed(store: DirectoryStore) -> None:
    """Each file below `submissions/LABEL` is one; a `.md` file is a whole answer."""
    store.write(_suite("s"))
    for name in ["wrong_answer/b.py", "accepted/talk.md", "accepted/a.py", "accepted/.hidden.py"]:
        path = store.path / "s" / "submissions" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    assert store.submissions("s") == (
        Labelled(label="accepted", name="a", text="accepted/a.py", is_answer=False),
        Labelled(label="accepted", name="talk", text="accepted/talk.md", is_answer=True),
        Labelled(label="wrong_answer", name="b", text="wrong_answer/b.py", is_answer=False),
    )
    assert "accepted/a.py" not in repr(store.submissions("s")[0])


def test_a_suite_without_reference_or_submissions_has_none(store: DirectoryStore) -> None:
    """Both are optional."""
    store.write(_suite("s"))
    assert store.reference("s") is None
    assert store.submissions("s") == ()


def test_submissions_and_tests_are_not_searched_for_suites(store: DirectoryStore) -> None:
    """A suite file among a suite's own files is not a suite of the store."""
    store.write(_suite("s"))
    for part in ["tests", "submissions"]:
        (store.path / "s" / part / "x").mkdir(parents=True)
        (store.path / "s" / part / "x" / "suite.toml").write_text("")
    assert list(store.ids()) == ["s"]


def test_a_folder_that_cannot_be_an_id_is_named(store: DirectoryStore) -> None:
    """A suite is never left out without a word."""
    (store.path / "my suite").mkdir()
    (store.path / "my suite" / "suite.toml").write_text("")
    with pytest.raises(SuiteInvalid, match=r"my suite: the path of a suite's folder is its id: .* rename it"):
        list(store.ids())


def test_a_missing_directory_says_what_to_do(tmp_path: Path) -> None:
    """The message names the command that fills one."""
    with pytest.raises(SuiteNotFound, match=r"no such directory; give the folder .* `verifier suites import`"):
        open_store(tmp_path / "missing")


def test_a_suites_own_folder_is_not_a_store(tmp_path: Path) -> None:
    """A suite has no id in a store that is its own folder."""
    (tmp_path / "suite.toml").write_text("")
    with pytest.raises(SuiteInvalid, match="this is one suite's own folder; give the folder above it"):
        open_store(tmp_path)


def test_a_store_cannot_be_made_in_a_file(tmp_path: Path) -> None:
    """Failure to make the directory is a stated fault."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SuiteInvalid, match="cannot be made a directory"):
        DirectoryStore(tmp_path / "file", create=True)
