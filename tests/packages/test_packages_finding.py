"""Where packages are found, and how a folder or an archive that means harm is met."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sandbox import LocalSandbox
from tests.packages.making import KATTIS, SMALLEST, put, reason, record, zipped
from testsuites import native, zip_members
from testsuites.errors import SuiteInvalid, SuiteNotFound
from testsuites.importers import PACKAGE_READERS, Imported, Rejected
from testsuites.importers.packages import folder as folders
from testsuites.importers.packages import package, xml_text, yaml_text
from verifier.importing import import_suites, source_size


def ids(format_name: str, source: Path) -> list[str]:
    """Return the ids of the records of a source."""
    return [
        one.suite.id if isinstance(one, Imported) else f"not {one.task_id}"
        for one in PACKAGE_READERS[format_name](source)
    ]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [sys.executable, "-m", "verifier", "suites", "import", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("format_name", sorted(SMALLEST))
def test_packages_are_found_in_folders_and_archives(tmp_path: Path, format_name: str) -> None:
    """A package is named by its folder, or by its archive where it has none; all give the same suite."""
    files, prefix = SMALLEST[format_name], format_name.capitalize()
    put(tmp_path / "all" / "contest" / "problems" / "b", files)
    put(tmp_path / "all" / "a", files)
    zipped(tmp_path / "all" / "flat.zip", files)
    zipped(tmp_path / "all" / "named.kpp", files, below="inner/")
    zipped(zipped(tmp_path / "all" / "two.zip", files, below="x/c/"), files, below="x/d/")
    (tmp_path / "all" / "notes.zip").write_bytes(b"PK none")
    assert ids(format_name, tmp_path / "all") == [f"{prefix}/{name}" for name in ("flat", "inner")] + [
        f"not {prefix}/notes"
    ] + [f"{prefix}/{name}" for name in ("c", "d", "a", "b")]
    assert ids(format_name, tmp_path / "all" / "a") == [f"{prefix}/a"]
    assert ids(format_name, tmp_path / "all" / "two.zip") == [f"{prefix}/c", f"{prefix}/d"]
    tests = [one.suite.tests for one in PACKAGE_READERS[format_name](tmp_path / "all") if isinstance(one, Imported)]
    assert all(each == tests[0] for each in tests)
    assert source_size(format_name, tmp_path / "all") == 7


def test_one_archive_at_a_time_is_open(tmp_path: Path) -> None:
    """A folder may hold more archives than a process may open files."""
    for number in range(20):
        zipped(tmp_path / f"{number}.zip", KATTIS)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for one in PACKAGE_READERS["kattis"](tmp_path):
        assert isinstance(one, Imported)
        assert len(list(Path("/proc/self/fd").iterdir())) <= before + 2


def test_a_package_within_a_package_is_none(tmp_path: Path) -> None:
    """The outer one's files are its own, in a folder and in an archive."""
    put(put(tmp_path / "outer", KATTIS) / "attachments" / "inner", KATTIS)
    assert ids("kattis", tmp_path) == ["Kattis/outer"]
    archive = zipped(zipped(tmp_path / "outer.zip", KATTIS), KATTIS, below="attachments/inner/")
    assert ids("kattis", archive) == ["Kattis/outer"]


@pytest.mark.parametrize("name", ["empty", "empty.zip", "file.txt"])
def test_a_source_without_packages_is_named(tmp_path: Path, name: str) -> None:
    """Before anything is written."""
    (tmp_path / "empty").mkdir()
    zipped(tmp_path / "empty.zip", {"a.txt": ""})
    (tmp_path / "file.txt").write_text("")
    with pytest.raises(SuiteInvalid, match=f"{name}: (holds no package|expected a folder)"):
        list(PACKAGE_READERS["kattis"](tmp_path / name))
    with pytest.raises(SuiteNotFound, match="no such file"), LocalSandbox(workers=1) as sandbox:
        import_suites("kattis", tmp_path / "none", tmp_path / "suites", sandbox)


def test_an_id_counts_once(tmp_path: Path) -> None:
    """As with rows: the later package of the same name is not imported."""
    for above in ("x", "y"):
        put(tmp_path / "all" / above / "same", KATTIS)
    with LocalSandbox(workers=1) as sandbox:
        summary = import_suites("kattis", tmp_path / "all", tmp_path / "suites", sandbox)
    assert (summary.written, summary.failed) == (1, 1)
    assert summary.failures[0].reason == "an earlier package has the same id"


def test_the_command_tells_package_file_and_field(tmp_path: Path) -> None:
    """Its exit code is 1, what could be imported is there, and submissions that were left out are counted."""
    put(tmp_path / "all" / "good", KATTIS | {"submissions/accepted/fast.cpp": ""})
    put(tmp_path / "all" / "bad", KATTIS | {"problem.yaml": "type: scoring\n"})
    done = run("kattis", tmp_path / "all", "-o", tmp_path / "suites")
    assert (done.returncode, done.stdout) == (1, "")
    assert "package 1 Kattis/bad: not imported: problem.yaml: type: scoring: points are not given here" in done.stderr
    assert f"1 suites are in {tmp_path / 'suites'}; 1 packages were not imported" in done.stderr
    assert "1 submissions were left out: not one file of Python 3, or without a verdict" in done.stderr
    limited = run("kattis", tmp_path / "all", "-o", tmp_path / "suites", "--limit", 1, "--json")
    assert json.loads(limited.stdout)["failures"][0]["task_id"] == "Kattis/bad"
    nothing = run("kattis", tmp_path / "suites", "-o", tmp_path / "more")
    assert nothing.returncode == 2
    assert "holds no package" in nothing.stderr


def test_links_are_followed_within_a_package_only(tmp_path: Path) -> None:
    """A link to a file of the package is that file; one that leads out of it, or to a folder, is refused."""
    secret = put(tmp_path / "outside", {"secret": "SECRET"}) / "secret"
    inside = put(tmp_path / "inside", KATTIS | {"data/secret/2.ans": None})
    (inside / "data" / "secret" / "2.ans").symlink_to("2.in")
    assert record("kattis", inside).suite.tests[1].stdout == "2\n"
    out = put(tmp_path / "out", KATTIS | {"data/secret/2.in": None})
    (out / "data" / "secret" / "2.in").symlink_to(secret)
    assert reason("kattis", out) == "data/secret/2.in: no file, or a link that leads out of the package"
    linked = put(tmp_path / "linked", KATTIS)
    (linked / "data" / "secret" / "more").symlink_to(inside / "data")
    assert reason("kattis", linked) == "data/secret/more: a link to a folder; put the folder itself there"


@pytest.mark.parametrize("name", ["../2.in", "/2.in", "a/../../2.in", "data\\secret\\2.in"])
def test_a_name_that_leads_out_of_an_archive_is_refused(tmp_path: Path, name: str) -> None:
    """As in archives of suites, by the same reader; nothing is extracted anyway."""
    archive = zipped(tmp_path / "a.zip", KATTIS | {name: "x"})
    with pytest.raises(SuiteInvalid, match="no path below a folder"):
        list(PACKAGE_READERS["kattis"](archive))


def test_sizes_are_looked_at_before_anything_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member that grows to more than a suite's file may have is refused, as is a text that is too long."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (KATTIS | {"data/secret/2.in": "0" * 1_000_000}).items():
            archive.writestr(name, content)
    monkeypatch.setattr(native, "MAX_FILE_BYTES", 999_999)
    monkeypatch.setattr(zip_members.ZipMembers, "read", _only_small(zip_members.ZipMembers.read))
    assert reason("kattis", tmp_path / "a.zip") == "a/data/secret/2.in: larger than 0 MiB"
    monkeypatch.setattr(native, "MAX_FILE_BYTES", 1_000_000)
    with pytest.raises(AssertionError, match="was read"):
        record("kattis", tmp_path / "a.zip")


@pytest.mark.parametrize(
    ("format_name", "module", "name", "file"),
    [
        ("kattis", yaml_text, "MAX_BYTES", "problem.yaml"),
        ("polygon", xml_text, "MAX_BYTES", "problem.xml"),
        ("kattis", package, "MAX_TEXT_BYTES", "problem_statement/problem.tex"),
    ],
)
def test_texts_have_a_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_name: str, module: object, name: str, file: str
) -> None:
    """A case on either side."""
    folder = put(tmp_path / "a", SMALLEST[format_name] | {"data/sample/1.in": "", "data/sample/1.ans": ""})
    size = (folder / file).stat().st_size
    monkeypatch.setattr(module, name, size)
    assert isinstance(record(format_name, folder), Imported)
    monkeypatch.setattr(module, name, size - 1)
    assert reason(format_name, folder).startswith(f"{file}: larger than ")


def test_a_folder_has_a_most_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A case on either side."""
    folder = put(tmp_path / "a", KATTIS)
    monkeypatch.setattr(folders, "MAX_FILES", len(KATTIS))
    assert isinstance(record("kattis", folder), Imported)
    monkeypatch.setattr(folders, "MAX_FILES", len(KATTIS) - 1)
    assert isinstance(record("kattis", folder), Rejected)


def _only_small(read: object) -> object:
    """Return the reader of members, which fails for the large one of the test above."""

    def checked(members: zip_members.ZipMembers, name: str, place: str) -> bytes:
        assert members.sizes[name] < 1_000_000, "was read"
        return read(members, name, place)  # type: ignore[operator]

    return checked
