"""testsuites.s3_objects: stores in one file that is an object in S3, by a real server of its interface (moto's)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.testsuites.s3_server import BUCKET, S3Server, s3_server, settings_for
from tests.testsuites.sealing import ECHO, ONE_KEY, sealed_bytes
from tests.testsuites.test_archive import BUNDLED, IDS, written_while_loading, zipped, zipped_folder
from testsuites import s3_objects
from testsuites.archive import Archive
from testsuites.errors import SuiteInvalid, SuiteNotFound, SuiteUnavailable
from testsuites.packed import PackedStore
from testsuites.s3_objects import S3Object
from testsuites.sealed_keys import KEY
from testsuites.store import open_store

PLACE = f"s3://{BUCKET}/deep/suites.zip"


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    """Run a server."""
    with s3_server() as server, pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_PROFILE", raising=False)
        patch.delenv("AWS_SESSION_TOKEN", raising=False)
        patch.setenv(KEY, ONE_KEY)
        for name, value in settings_for(server.url).items():
            patch.setenv(name, value)
        yield server


def _archive(*texts: str) -> bytes:
    return zipped({f"s{number}/suite.toml": ECHO.format(text) for number, text in enumerate(texts)})


def _requests(file: S3Object) -> list[str]:
    sent: list[str] = []
    file._client.meta.events.register(
        "before-send.s3", lambda event_name, **_: sent.append(event_name.rpartition(".")[2])
    )
    return sent


def _before_each_fetch(file: S3Object, act: Callable[[], None]) -> None:
    def before(**_: object) -> None:  # what a hook returns would stand for the answer
        act()

    file._client.meta.events.register("before-send.s3.GetObject", before)


@pytest.mark.parametrize("end", ["zip", "sealed"])
def test_an_object_is_the_folder_that_it_was_made_of(server: S3Server, tmp_path: Path, end: str) -> None:
    """An archive and sealed suites give the suites, the digests and the records of the folder."""
    (tmp_path / "suites").symlink_to(BUNDLED.path)
    data = sealed_bytes(tmp_path / "suites") if end == "sealed" else zipped_folder(BUNDLED.path)
    server.put(f"deep/suites.{end}", data)
    store = open_store(f"s3://{BUCKET}/deep/suites.{end}")
    assert list(store.ids()) == IDS
    for suite_id in IDS:
        assert store.load(suite_id).digest == BUNDLED.load(suite_id).digest
        assert store.calibration(suite_id) == BUNDLED.calibration(suite_id)


def test_nothing_is_written_to_disk(server: S3Server) -> None:
    """Invariant I2, as for the folder's objects."""
    server.put("deep/suites.zip", _archive("1", "2"))
    assert written_while_loading(PLACE) == "2 []"


def test_an_object_that_changes_is_read_again(server: S3Server) -> None:
    """Each look asks for its ETag; it is fetched once for each version, whatever is loaded of it."""
    server.put("deep/suites.zip", _archive("1", "2"))
    file = S3Object(PLACE, look_again_seconds=0)
    sent = _requests(file)
    store = PackedStore(file, Archive)
    first = store.load("s0")
    assert store.load("s0") is first
    assert store.load("s1").tests[0].stdout == "2"
    assert sent.count("GetObject") == 1
    server.put("deep/suites.zip", _archive("3", "2"))
    assert store.load("s0").tests[0].stdout == "3"
    assert sent.count("GetObject") == 2


def test_answers_cost_one_look_a_minute(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a while the object counts as unchanged, and S3 is not asked; then it is."""
    server.put("deep/suites.zip", _archive("1"))
    file = S3Object(PLACE)
    store = PackedStore(file, Archive)
    sent = _requests(file)
    server.put("deep/suites.zip", _archive("2"))
    assert store.load("s0").tests[0].stdout == "1"
    assert sent == []
    monkeypatch.setattr(file, "_look_again_seconds", 0.0)  # they have passed
    assert store.load("s0").tests[0].stdout == "2"


def test_an_object_that_changes_while_it_is_read_is_read_whole(server: S3Server) -> None:
    """What was seen is what is fetched, or both are done again: never half of one version."""
    server.put("deep/suites.zip", _archive("old"))
    versions = iter(["newer", "newest", "newest"])
    file = S3Object(PLACE)
    _before_each_fetch(file, lambda: server.put("deep/suites.zip", _archive(next(versions))))
    assert PackedStore(file, Archive).load("s0").tests[0].stdout == "newest"
    numbers = iter(range(100))
    file = S3Object(PLACE)
    _before_each_fetch(file, lambda: server.put("deep/suites.zip", _archive(str(next(numbers)))))
    with pytest.raises(SuiteUnavailable, match=r"suites\.zip: it changed while it was read, 3 times; try again$"):
        PackedStore(file, Archive)


def test_a_large_object_is_refused_before_it_is_fetched(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be in memory whole; one that just fits is read."""
    data = _archive("1")
    server.put("deep/suites.zip", data)
    monkeypatch.setattr(s3_objects, "MAX_OBJECT_BYTES", len(data))
    assert list(open_store(PLACE).ids()) == ["s0"]
    monkeypatch.setattr(s3_objects, "MAX_OBJECT_BYTES", len(data) - 1)
    file = S3Object(PLACE)
    sent = _requests(file)
    with pytest.raises(
        SuiteInvalid, match="MiB, which are kept in memory; split it, or upload the folder: s3://bucket"
    ):
        PackedStore(file, Archive)
    assert "GetObject" not in sent


def test_a_missing_object_is_not_a_store(server: S3Server) -> None:
    """Nor is one in a missing bucket; the message says what to check."""
    with pytest.raises(SuiteNotFound, match=rf"^s3://{BUCKET}/none.zip: there is no such object; check the name$"):
        open_store(f"s3://{BUCKET}/none.zip")
    with pytest.raises(SuiteNotFound, match=r"^s3://no-such-bucket/x\.zip: there is no such object; check the name$"):
        open_store("s3://no-such-bucket/x.zip")


def test_one_permission_is_enough(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Getting the object is all that a role needs; without it, the message asks for it by name."""
    server.put("deep/suites.zip", _archive("1"))
    for action in ("s3:GetObject", "s3:ListBucket"):
        with server.as_user(action) as variables:
            for name, value in variables.items():
                monkeypatch.setenv(name, value)
            if action == "s3:GetObject":
                assert list(open_store(PLACE).ids()) == ["s0"]
            else:
                with pytest.raises(SuiteUnavailable, match=r"denies access \(\w+\); .* s3:GetObject on the objects"):
                    open_store(PLACE)


def test_an_outage_is_told(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant I7: whether there are suites, nobody knows. Nobody listens there."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(SuiteUnavailable, match=r"S3 cannot be reached \(EndpointConnectionError\)"):
        open_store(PLACE)
