"""testsuites.archive and testsuites.packed: suites in one .zip file."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites import native, zip_members
from testsuites.archive import Archive
from testsuites.directory import DirectoryStore
from testsuites.errors import SuiteError, SuiteInvalid, SuiteNotFound, SuiteUnavailable
from testsuites.one_file import InMemory, LocalFile
from testsuites.packed import PackedStore
from testsuites.store import Store, open_store

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = DirectoryStore(ROOT / "testsuites" / "bundled")
IDS = list(BUNDLED.ids())
ECHO = 'kind = "stdio"\n[[tests]]\nstdin = "1"\nstdout = "{}"\n'
SCRIPT = 'kind = "script"\nnames = ["f"]\n'


def zipped(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of these files."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as file:
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, content in files.items():
            file.writestr(name, content)
    return buffer.getvalue()


def zipped_folder(folder: Path) -> bytes:
    """Return an archive of all files below a folder, as `zip -r` makes it."""
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*"))}
    return zipped({f"{name}/" if path.is_dir() else name: _read(path) for name, path in files.items()})


def _read(path: Path) -> bytes:
    return b"" if path.is_dir() else path.read_bytes()


def _store(folder: Path, data: bytes) -> Store:
    (folder / "suites.zip").write_bytes(data)
    return open_store(folder / "suites.zip")


def _with(name: str, info: zipfile.ZipInfo | None = None) -> bytes:
    """Return an archive with one good suite, and a member of this name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("s/suite.toml", ECHO.format(1))
        info = info or zipfile.ZipInfo("x" * len(name))
        file.writestr(info, b"1")
        info.filename = info.orig_filename = name  # what zipfile would put right when it is written
    return buffer.getvalue()


# --- what is read


def test_an_archive_is_the_folder_that_it_was_made_of(tmp_path: Path) -> None:
    """Ids, suites, digests and records are the same; what lies beside suites is no suite."""
    store = _store(tmp_path, zipped_folder(BUNDLED.path))
    assert list(store.ids()) == IDS
    for suite_id in IDS:
        assert store.load(suite_id) == BUNDLED.load(suite_id)
        assert store.load(suite_id).digest == BUNDLED.load(suite_id).digest
        assert store.calibration(suite_id) == BUNDLED.calibration(suite_id)


def test_ids_are_paths_nested_and_sorted(tmp_path: Path) -> None:
    """What lies in a suite's own folders, or is only a folder's mark, is no suite."""
    ids = ["b", "HumanEval/10", "HumanEval/2", "a", "a/b/c", "c/tests", "submissions"]
    files = {f"{suite_id}/suite.toml": ECHO.format(1) for suite_id in ids}
    own = ["a/tests/x/suite.toml", "a/submissions/accepted/suite.json", "d/", "README.md", "a/b/notes.txt"]
    store = _store(tmp_path, zipped(files | dict.fromkeys(own, "")))
    assert list(store.ids()) == ["HumanEval/10", "HumanEval/2", "a", "a/b/c", "b", "c/tests", "submissions"]
    assert store.load("a/b/c").id == "a/b/c"
    assert len(store.load("a").tests) == 1


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_tests_beside_the_suite_are_read(tmp_path: Path, method: int) -> None:
    """Members in `tests` are tests, by the rules of a folder, whatever bytes their names are made of."""
    files = {"s/suite.toml": SCRIPT, "s/tests/ü.py": "f()", "s/tests/a.py": "f(1)", "s/tests/notes.md": ""}
    assert [test.name for test in _store(tmp_path, zipped(files, method)).load("s").tests] == ["a", "ü"]


def test_a_suite_stays_in_memory_until_the_archive_changes(tmp_path: Path) -> None:
    """Another archive in its place is opened; suites of it are read anew."""
    store = _store(tmp_path, zipped({"s/suite.toml": ECHO.format(1)}))
    first = store.load("s")
    assert store.load("s") is first
    other = tmp_path / "other"
    other.write_bytes(zipped({"s/suite.toml": ECHO.format(2), "t/suite.toml": ECHO.format(3)}))
    other.replace(tmp_path / "suites.zip")
    assert list(store.ids()) == ["s", "t"]
    assert store.load("s").tests[0].stdout == "2"


def test_an_archive_that_breaks_is_told_until_it_is_whole_again(tmp_path: Path) -> None:
    """Whoever copies over the archive in use gets answers that are not judged, and no judge that must be restarted."""
    store = _store(tmp_path, zipped({"s/suite.toml": ECHO.format(1)}))
    (tmp_path / "suites.zip").write_bytes(b"half")
    for _ in range(2):
        with pytest.raises(SuiteInvalid, match=r"suites\.zip: not a \.zip file, or a broken one; make it again$"):
            store.load("s")
    (tmp_path / "suites.zip").unlink()
    with pytest.raises(SuiteNotFound, match="no such file; give the file, or the folder"):
        store.load("s")
    _store(tmp_path, zipped({"s/suite.toml": ECHO.format(2)}))
    assert store.load("s").tests[0].stdout == "2"


def test_threads_may_load_at_once(tmp_path: Path) -> None:
    """Each gets the suite it asked for."""
    wanted = [f"s{number}" for number in range(20)]
    store = _store(tmp_path, zipped({f"{suite_id}/suite.toml": ECHO.format(suite_id) for suite_id in wanted}))
    with ThreadPoolExecutor(8) as threads:
        loaded = list(threads.map(store.load, wanted * 5))
    assert [suite.tests[0].stdout for suite in loaded] == wanted * 5


def test_nothing_is_written_to_disk(tmp_path: Path) -> None:
    """Invariant I2: while every suite is loaded, no file is opened for writing. Python's audit events tell of each."""
    (tmp_path / "b.zip").write_bytes(zipped_folder(BUNDLED.path))
    assert written_while_loading(str(tmp_path / "b.zip")) == f"{len(IDS)} []"


def written_while_loading(place: str, **environment: str) -> str:
    """Return the number of suites in a store, and the files that were written while all were loaded."""
    code = (
        "import os, sys\n"
        "written = []\n"
        "def hook(event, args):\n"
        "    if event == 'open' and (args[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT): written.append(args[0])\n"
        "    if event in ('os.mkdir', 'os.rename', 'os.link', 'os.symlink'): written.append(event)\n"
        "from testsuites.store import open_store\n"
        "sys.addaudithook(hook)\n"
        f"store = open_store({place!r})\n"
        "print(len([store.load(suite_id) for suite_id in store.ids()]), written)\n"
        "open(os.devnull, 'w')\n"
        "assert written[-1] == os.devnull\n"
    )
    variables = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | environment
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True).stdout.strip()


# --- what is asked for


def test_a_missing_suite_is_told_with_close_ones(tmp_path: Path) -> None:
    """The message counts the suites and names close ids."""
    store = _store(tmp_path, zipped({f"{name}/suite.toml": "" for name in ["HumanEval/1", "Mbpp/77"]}))
    with pytest.raises(SuiteNotFound, match=r"no suite HumanEva/1 among the 2 there; did you mean HumanEval/1\?$"):
        store.load("HumanEva/1")
    with pytest.raises(SuiteInvalid, match=r"this is not one$"):
        store.load("../s")


@pytest.mark.parametrize("end", ["zip", "sealed"])
def test_a_file_that_is_not_there_says_what_to_do(tmp_path: Path, end: str) -> None:
    """Neither is a store, nor is a folder that leads nowhere."""
    with pytest.raises(SuiteNotFound, match="no such file; give the file, or the folder, that holds the suites"):
        open_store(tmp_path / f"none.{end}")
    (tmp_path / "file").touch()
    with pytest.raises(SuiteNotFound, match="no such file"):
        open_store(tmp_path / "file" / f"none.{end}")


def test_a_file_that_cannot_be_read_is_unavailable(tmp_path: Path) -> None:
    """Whether the suite is there, nobody knows. A name that leads to itself stands for what the system refuses."""
    (tmp_path / "loop.zip").symlink_to(tmp_path / "loop.zip")
    with pytest.raises(SuiteUnavailable, match="cannot be read: Too many levels of symbolic links"):
        open_store(tmp_path / "loop.zip")


def test_a_folder_may_be_called_like_an_archive(tmp_path: Path) -> None:
    """What it is counts, not its name."""
    (tmp_path / "x.zip" / "s").mkdir(parents=True)
    (tmp_path / "x.zip" / "s" / "suite.toml").write_text(ECHO)
    assert list(open_store(tmp_path / "x.zip").ids()) == ["s"]


# --- archives that are refused

HOSTILE = ["../s/suite.toml", "/s/suite.toml", "a/../../s/suite.toml", "a\\..\\s/suite.toml", "s//x", "./s/x", "a/./b"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    """None is written anywhere, so none could do harm; who wrote it meant some."""
    with pytest.raises(SuiteInvalid, match=r"suites.zip: the member '.*' is no path below a folder, .* refused"):
        _store(tmp_path, _with(name))


def test_such_a_name_leads_out_of_a_folder_that_it_is_joined_to(tmp_path: Path) -> None:
    """The attack, where an archive is extracted as its names say: a file appears beside the folder."""
    (tmp_path / "inside").mkdir()
    with zipfile.ZipFile(io.BytesIO(_with("../planted"))) as file:
        for name in file.namelist():
            (tmp_path / "inside" / name).parent.mkdir(exist_ok=True)
            (tmp_path / "inside" / name).write_bytes(b"")
    assert (tmp_path / "planted").exists()


def _linked() -> bytes:
    info = zipfile.ZipInfo("s/tests/a.in")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return _with("s/tests/a.in", info)


def _flagged(bit: int) -> bytes:
    data = bytearray(_with("s/x"))
    for signature, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        data[data.rindex(signature) + offset] |= bit
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (_linked(), "the member 's/tests/a.in' is a symbolic link or a device; put the file itself into the archive"),
        (_flagged(1), "the member 's/x' is encrypted; `verifier suites seal` encrypts suites"),
        (zipped({"s/suite.toml": ECHO}, zipfile.ZIP_LZMA), "compressed in a way that this release does not read"),
        (zipped({"s/suite.toml": ECHO}, zipfile.ZIP_BZIP2), "compressed in a way that this release does not read"),
        (_with("s/suite.toml"), "the member 's/suite.toml' is twice in the archive"),
        (_with("s/" + "x" * 1023), "is longer than 1,024 characters"),
        (_with("s/x\0y"), "is no path below a folder"),
        (zipped({"suite.toml": ECHO}), "holds one suite's own files; put them into a folder, whose path is the id"),
        (zipped({"my suite/suite.toml": ECHO}), "my suite: the path of a suite .* is its id: .* rename it"),
        (b"", "not a .zip file, or a broken one; make it again"),
        (b"PK\5\6", "not a .zip file, or a broken one; make it again"),
        (zipped({"s/suite.toml": ECHO})[:-30], "not a .zip file, or a broken one; make it again"),
    ],
)  # fmt: skip
def test_an_archive_that_nobody_should_make_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    """Each with what to do about it, when it is opened and not when the first answer comes."""
    with pytest.raises(SuiteInvalid, match=message):
        _store(tmp_path, data)


def test_names_of_another_encoding_are_refused(tmp_path: Path) -> None:
    """They would be read as other letters, and the suite would have another digest."""
    data = zipped({"s/suite.toml": SCRIPT, "s/tests/a\u0080.py": "f()"})
    plain = data.replace("a\u0080.py".encode(), b"ab\xb3.py")
    for signature, offset in ((b"PK\1\2", 9), (b"PK\3\4", 7)):
        at = plain.rindex(signature) + offset
        plain = plain[:at] + bytes([plain[at] & ~8]) + plain[at + 1 :]
    with pytest.raises(SuiteInvalid, match="is not said to be UTF-8"):
        _store(tmp_path, plain)


def test_two_members_of_one_name_are_two_contents_for_two_readers() -> None:
    """The attack that refusing them prevents: what a person is shown is not what is graded with."""
    with zipfile.ZipFile(io.BytesIO(), "w") as file:
        file.writestr("s/suite.toml", "shown")
        with pytest.warns(UserWarning, match="Duplicate name"):
            file.writestr("s/suite.toml", "graded with")
        assert file.read(file.infolist()[0]) != file.read("s/suite.toml")


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index says what members grow to; the bounds are those of a folder, on either side of each."""
    monkeypatch.setattr(native, "MAX_FILE_BYTES", 1024**2)
    monkeypatch.setattr(native, "MAX_SUITE_BYTES", 2 * 1024**2)
    large = "#" * 1024**2
    data = zipped(
        {
            "file/suite.toml": SCRIPT, "file/tests/a.py": large + "#",
            "fits/suite.toml": SCRIPT, "fits/tests/a.py": large,
            "suite/suite.toml": SCRIPT, "suite/tests/a.py": large, "suite/tests/b.py": large,
        }
    )  # fmt: skip
    assert len(data) < 10_000  # from which 4 MiB come
    store = _store(tmp_path, data)
    assert store.load("fits").tests[0].name == "a"
    with pytest.raises(SuiteInvalid, match=r"/file/tests/a.py: larger than 1 MiB$"):
        store.load("file")
    with pytest.raises(SuiteInvalid, match=r"/suite: its files are larger than 2 MiB together$"):
        store.load("suite")


def test_a_member_that_lies_about_its_size_gives_no_more_than_it_said(tmp_path: Path) -> None:
    """The index says 1 byte, and a million would come: it is read so far, and refused for its checksum."""
    data = zipped({"s/suite.toml": SCRIPT, "s/tests/a.py": "#" * 1_000_000})
    said = (1_000_000).to_bytes(4, "little")
    store = _store(tmp_path, data.replace(said, (1).to_bytes(4, "little")))
    with pytest.raises(SuiteInvalid, match=r"/s/tests/a.py: this part of the archive is broken; make"):
        store.load("s")


def test_a_broken_member_breaks_its_suite_alone(tmp_path: Path) -> None:
    """Others can be graded with; no broken text is taken for a test."""
    data = zipped({"s/suite.toml": ECHO.format("SECRET"), "t/suite.toml": ECHO.format(1)}, zipfile.ZIP_STORED)
    store = _store(tmp_path, data.replace(b"SECRET", b"SeCRET"))
    assert store.load("t").id == "t"
    with pytest.raises(SuiteInvalid, match=r"/s/suite.toml: this part of the archive is broken") as caught:
        store.load("s")
    assert "CRET" not in str(caught.value)


def test_an_index_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take ten times as much memory; one that just fits is read."""
    files = {f"s{number}/suite.toml": ECHO for number in range(10)}
    data = zipped(files)
    size = len(data) - data.index(b"PK\1\2") - 22  # but for the record at its end
    monkeypatch.setattr(zip_members, "MAX_INDEX_BYTES", size)
    assert len(Archive(InMemory(data), "p").ids) == 10
    monkeypatch.setattr(zip_members, "MAX_INDEX_BYTES", size - 1)
    with pytest.raises(SuiteInvalid, match="p: holds too many files; split it, or use a folder"):
        Archive(InMemory(data), "p")


def _read_all(data: bytes) -> None:
    found = Archive(InMemory(data), "place")
    for suite_id in found.ids:
        found.files(suite_id)
        found.beside(suite_id)


GOOD = zipped({"s/suite.toml": ECHO, "s/tests/a.in": b"1" * 200, "t/suite.json": "{}", "t/problem.md": "SECRET"})


@given(st.binary() | st.binary().map(lambda data: data + GOOD[-22:]))
def test_any_bytes_are_an_archive_or_a_stated_fault(data: bytes) -> None:
    """Nothing but an error of suites is raised."""
    with contextlib.suppress(SuiteError):
        _read_all(data)


@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=4),
    st.integers(0, len(GOOD)),
)
def test_any_changed_archive_is_an_archive_or_a_stated_fault(changes: list[tuple[int, int]], cut: int) -> None:
    """Likewise, with bytes changed and a piece cut out."""
    data = bytearray(GOOD)
    for place, value in changes:
        data[place] = value
    for candidate in (bytes(data), bytes(data[:cut]), bytes(data[cut:])):
        try:
            _read_all(candidate)
        except SuiteError as error:
            assert "SECRET" not in str(error)  # noqa: PT017 - either is right


def test_a_file_of_the_machine_reads_as_memory_does(tmp_path: Path) -> None:
    """Any place, any size, past the end too."""
    (tmp_path / "f").write_bytes(b"0123456789")
    content = LocalFile(tmp_path / "f").open().content
    for offset, size in [(0, 10), (3, 4), (8, 9), (10, 1), (99, 1), (0, 0)]:
        assert content.read_at(offset, size) == InMemory(b"0123456789").read_at(offset, size)
    assert content.size == 10


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_an_open_archive_is_closed_with_its_store(tmp_path: Path) -> None:
    """Descriptors do not pile up over versions: each is closed when nobody reads from it any more."""
    before = _descriptors()
    store: Store | None = _store(tmp_path, GOOD)
    for number in range(5):
        (tmp_path / "suites.zip").write_bytes(zipped({f"s{number}/suite.toml": ECHO}))
        assert store is not None
        assert list(store.ids()) == [f"s{number}"]
    assert isinstance(store, PackedStore)
    assert _descriptors() <= before + 1
    store = None
    assert _descriptors() <= before
