"""testsuites.beside: references, statements and submissions, the same from every kind of store."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.testsuites.s3_server import BUCKET, S3Server, s3_server, settings_for
from tests.testsuites.sealing import key_set, write_suites
from tests.verifier.answers import stdio
from testsuites import AnySuite
from testsuites.beside import Beside, kept_beside
from testsuites.calibration import Calibration
from testsuites.directory import DirectoryStore
from testsuites.errors import SuiteInvalid, SuiteNotFound
from testsuites.sealed_writing import seal
from testsuites.store import Store, open_store
from testsuites.whole import open_whole

HIDDEN = "271828"


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    """Run a server whose listings come in pages of three keys."""
    with s3_server(keys_of_a_page=3) as server, pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_PROFILE", raising=False)
        patch.delenv("AWS_SESSION_TOKEN", raising=False)
        for name, value in settings_for(server.url).items():
            patch.setenv(name, value)
        yield server


def _folder(place: Path, *, reference: bytes = f"print({HIDDEN})\r\n".encode()) -> Path:
    """Make a store with two suites, one of them with everything beside it, and things that are none of it."""
    write_suites(place, full="1", bare="2")
    files = {
        "reference.py": reference,
        "problem.md": "Größe\n".encode(),
        "notes.txt": b"\xff not ours",
        "tests/extra.in": b"1",
        "tests/extra.ans": b"1",
        "submissions/accepted/right.py": b"print(1)\n",
        "submissions/accepted/.hidden.py": b"\n",
        "submissions/no_code/sorry.md": b"I cannot.\n",
        "submissions/wrong_answer/wrong.py": HIDDEN.encode(),
        "submissions/read-me.txt": b"no label",
        "submissions/wrong_answer/deeper/x.py": b"deeper",
    }
    for name, content in files.items():
        path = place / "full" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return place


def _stores(folder: Path, server: S3Server) -> Iterator[Store]:
    """Open the store as a folder, an archive, a sealed file, and objects."""
    yield open_store(folder)
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as made:
        for path in sorted(folder.rglob("*")):
            made.write(path, path.relative_to(folder))
    yield open_store(archive)
    with key_set():
        seal(open_whole(str(folder)), "suites", folder.with_suffix(".sealed"))
        yield open_store(folder.with_suffix(".sealed"))
    server.clear()
    server.upload(folder, "deep/suites")
    yield open_store(f"s3://{BUCKET}/deep/suites")


def test_every_kind_of_store_gives_the_same(tmp_path: Path, server: S3Server) -> None:
    """Texts with their line ends, submissions sorted, and no other file; nothing of it is in a repr."""
    for store in _stores(_folder(tmp_path / "suites"), server):
        found = kept_beside(store, "full")
        assert (found.reference, found.statement) == (f"print({HIDDEN})\r\n", "Größe\n")
        assert [(item.label, item.name, item.text, item.is_answer) for item in found.submissions] == [
            ("accepted", "right", "print(1)\n", False),
            ("no_code", "sorry", "I cannot.\n", True),
            ("wrong_answer", "wrong", HIDDEN, False),
        ]
        assert HIDDEN not in repr(found)
        assert kept_beside(store, "bare") == Beside()
        with pytest.raises(SuiteNotFound, match="no suite fuller"):
            kept_beside(store, "fuller")
        with pytest.raises(SuiteInvalid, match="this is not one"):
            kept_beside(store, "../full")


def test_what_is_no_text_is_refused(tmp_path: Path, server: S3Server) -> None:
    """Naming the file, and not what it holds."""
    for store in _stores(_folder(tmp_path / "suites", reference=b"\xff" + HIDDEN.encode()), server):
        with pytest.raises(SuiteInvalid, match=r"full/reference.py: not valid UTF-8 text at byte 0") as caught:
            kept_beside(store, "full")
        assert HIDDEN not in str(caught.value)


def test_a_store_of_another_kind_gives_suites_only() -> None:
    """A user's own has the methods of `Store`, and no more; a folder has more than that."""

    class Own:
        def ids(self) -> Iterator[str]:
            yield "own"

        def load(self, suite_id: str) -> AnySuite:
            return stdio(("1", "1"), id=suite_id)

        def calibration(self, suite_id: str) -> Calibration | None:
            return None

    assert kept_beside(Own(), "own") == Beside()
    bundled = DirectoryStore(Path(__file__).resolve().parents[2] / "testsuites" / "bundled")
    assert kept_beside(bundled, "tide-gauge").reference == bundled.reference("tide-gauge")
