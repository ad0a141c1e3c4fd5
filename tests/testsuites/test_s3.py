"""testsuites.s3: suites in S3, read from a real server of its interface (moto's)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.testsuites.s3_server import BUCKET, S3Server, answering, reply, s3_server, settings_for
from tests.verifier.answers import fenced
from testsuites import aws_clients, native, s3
from testsuites.directory import DirectoryStore
from testsuites.errors import SuiteError, SuiteInvalid, SuiteNotFound, SuiteUnavailable
from testsuites.s3 import S3Store
from testsuites.store import open_store
from verifier import Verdict, Verifier
from verifier.batch import grade_many
from verifier.sample import Sample

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = DirectoryStore(ROOT / "testsuites" / "bundled")
IDS = list(BUNDLED.ids())
BUNDLED_IN_S3 = f"s3://{BUCKET}/deep/bundled"
ECHO = 'kind = "stdio"\n[[tests]]\nstdin = "1"\nstdout = "{}"\n'
SCRIPT = 'kind = "script"\nnames = ["f"]\n'
SUFFIXES = ["", *native.TEST_SUFFIXES]


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    """Run a server with the bundled suites below `deep/bundled`; its listings come in pages of three keys."""
    with s3_server(keys_of_a_page=3) as server, pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_PROFILE", raising=False)
        patch.delenv("AWS_SESSION_TOKEN", raising=False)
        for name, value in settings_for(server.url).items():
            patch.setenv(name, value)
        server.upload(BUNDLED.path, "deep/bundled")
        yield server


@pytest.fixture(scope="module")
def bundled(server: S3Server) -> S3Store:
    """Open the bundled suites."""
    return S3Store(BUNDLED_IN_S3)


@pytest.fixture
def store(server: S3Server) -> S3Store:
    """Open an empty store, which asks each time whether a suite changed."""
    server.clear("mine/")
    return S3Store(f"s3://{BUCKET}/mine", look_again_seconds=0)


def _use(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def _requests(store: S3Store) -> list[str]:
    """Return the list to which each request that a store sends from now on adds its name."""
    sent: list[str] = []
    store._client.meta.events.register("before-send.s3", lambda event_name, **_: sent.append(event_name))
    return sent


def _before_each_fetch(store: S3Store, act: Callable[[], None]) -> None:
    def before(**_: object) -> None:  # what a hook returns would stand for the answer
        act()

    store._client.meta.events.register("before-send.s3.GetObject", before)


# --- what is read


def test_the_bundled_suites_are_listed(bundled: S3Store) -> None:
    """The ids are those that the directory has, over many pages of keys."""
    assert list(bundled.ids()) == IDS


@pytest.mark.parametrize("suite_id", IDS)
def test_a_suite_is_the_same_as_in_a_directory(bundled: S3Store, suite_id: str) -> None:
    """Equal to the last field, and so is the digest."""
    expected = BUNDLED.load(suite_id)
    assert bundled.load(suite_id) == expected
    assert bundled.load(suite_id).digest == expected.digest


def test_ids_are_paths_nested_and_sorted(server: S3Server, store: S3Store) -> None:
    """Sorted as ids, not as keys; what lies in a suite's own folders, or is only a folder's mark, is no suite."""
    for suite_id in ["b", "HumanEval/10", "HumanEval/2", "a", "a-b", "a/b/c", "c/tests", "submissions"]:
        server.put(f"mine/{suite_id}/suite.toml", ECHO)
    for key in ["a/tests/x/suite.toml", "a/submissions/accepted/suite.json", "b/suite.toml.md", "d/", "e/suite.toml/"]:
        server.put(f"mine/{key}", "")
    assert list(store.ids()) == ["HumanEval/10", "HumanEval/2", "a", "a-b", "a/b/c", "b", "c/tests", "submissions"]
    assert store.load("a/b/c").id == "a/b/c"
    assert len(store.load("a").tests) == 1


def test_the_whole_bucket_may_be_the_store() -> None:
    """Without a prefix, ids are keys from the first letter."""
    with s3_server() as server, pytest.MonkeyPatch.context() as patch:
        _use(patch, settings_for(server.url))
        server.put("s/suite.toml", ECHO)
        for place in [f"s3://{BUCKET}", f"s3://{BUCKET}/"]:
            assert list(S3Store(place).ids()) == ["s"]
            assert S3Store(place).load("s").id == "s"


def test_a_suite_is_read_again_when_it_changed(server: S3Server, store: S3Store) -> None:
    """It stays in memory until one of its objects changes, comes or goes; each load asks."""
    server.put("mine/s/suite.toml", SCRIPT)
    server.put("mine/s/tests/a.py", "f()")
    first = store.load("s")
    sent = _requests(store)
    assert store.load("s") is first
    assert [name.rpartition(".")[2] for name in sent] == ["ListObjectsV2", "ListObjectsV2"]
    server.put("mine/s/tests/a.py", "g()")  # of the same size
    changed = store.load("s")
    assert [test.code for test in changed.tests] == ["g()"]
    server.put("mine/s/tests/b.py", "f()")
    assert [test.name for test in store.load("s").tests] == ["a", "b"]
    server.clear("mine/s/tests/a.py")
    assert [test.name for test in store.load("s").tests] == ["b"]
    server.clear("mine/s/")
    with pytest.raises(SuiteNotFound):
        store.load("s")


def test_a_suite_of_one_object_costs_one_request_when_it_is_known(server: S3Server, store: S3Store) -> None:
    """The listing says all that is needed."""
    server.put("mine/s/suite.toml", ECHO.format(1))
    store.load("s")
    sent = _requests(store)
    store.load("s")
    assert len(sent) == 1


def test_answers_to_one_problem_cost_one_look(
    server: S3Server, store: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a while a suite counts as unchanged, and S3 is not asked; then it is."""
    server.put("mine/s/suite.toml", ECHO.format(1))
    patient = S3Store(f"s3://{BUCKET}/mine", look_again_seconds=60)
    first = patient.load("s")
    sent = _requests(patient)
    server.put("mine/s/suite.toml", ECHO.format(2))
    assert patient.load("s") is first
    assert sent == []
    monkeypatch.setattr(patient, "_look_again_seconds", 0.0)  # they have passed
    assert patient.load("s").tests[0].stdout == "2"


def test_a_suite_that_changes_while_it_is_read_is_read_whole(server: S3Server, store: S3Store) -> None:
    """What was listed is what is fetched, or both are done again: never half of one version."""
    server.put("mine/s/suite.toml", ECHO.format("old"))
    versions = iter(["newer", "newest", "newest"])
    _before_each_fetch(store, lambda: server.put("mine/s/suite.toml", ECHO.format(next(versions))))
    assert [test.stdout for test in store.load("s").tests] == ["newest"]


def test_a_suite_that_never_rests_is_given_up(server: S3Server, store: S3Store) -> None:
    """After three times it is unavailable, which is not the same as absent."""
    server.put("mine/s/suite.toml", ECHO.format(0))
    numbers = iter(range(1, 100))
    _before_each_fetch(store, lambda: server.put("mine/s/suite.toml", ECHO.format(next(numbers))))
    with pytest.raises(SuiteUnavailable, match=r"/mine/s: it changed while it was read, 3 times; try again$"):
        store.load("s")
    assert next(numbers) == 4


def test_a_suite_that_goes_while_it_is_read_is_not_found(server: S3Server, store: S3Store) -> None:
    """The second listing says that it is gone."""
    server.put("mine/s/suite.toml", ECHO.format(0))
    _before_each_fetch(store, lambda: server.clear("mine/s/"))
    with pytest.raises(SuiteNotFound, match="no suite s among the 0 there"):
        store.load("s")


def test_threads_may_load_at_once(server: S3Server, store: S3Store) -> None:
    """Each gets the suite it asked for, and a suite that several want is fetched once."""
    wanted = [f"s{number}" for number in range(6)]
    for suite_id in wanted:
        server.put(f"mine/{suite_id}/suite.toml", ECHO.format(suite_id))
    sent = _requests(store)
    with ThreadPoolExecutor(8) as threads:
        loaded = list(threads.map(store.load, wanted * 4))
    assert [suite.tests[0].stdout for suite in loaded] == wanted * 4
    assert sum(name.endswith("GetObject") for name in sent) == len(wanted)


def test_nothing_is_written_to_disk(server: S3Server) -> None:
    """Invariant I2: while every suite is loaded, no file is opened for writing. Python's audit events tell of each."""
    code = (
        "import os, sys\n"
        "written = []\n"
        "def hook(event, args):\n"
        "    if event == 'open' and (args[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT): written.append(args[0])\n"
        "    if event in ('os.mkdir', 'os.rename', 'os.link', 'os.symlink'): written.append(event)\n"
        "from testsuites.store import open_store\n"
        "sys.addaudithook(hook)\n"
        f"store = open_store({BUNDLED_IN_S3!r})\n"
        "print(len([store.load(suite_id) for suite_id in store.ids()]), written)\n"
        "open(os.devnull, 'w')\n"
        "print(written)\n"
    )
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == [f"{len(IDS)} []", f"[{os.devnull!r}]"]


def test_no_log_holds_what_an_object_holds(server: S3Server, store: S3Store, caplog: pytest.LogCaptureFixture) -> None:
    """Invariant I8: not even at the level at which botocore logs its requests and answers."""
    server.put("mine/s/suite.toml", ECHO.format("SECRET"))
    with caplog.at_level("DEBUG"):
        assert store.load("s").tests[0].stdout == "SECRET"
    assert "mine/" in caplog.text
    assert "SECRET" not in caplog.text


# --- what is asked for


@pytest.mark.parametrize(
    "suite_id", ["", ".", "..", "../s", "a/../s", "/s", "s/", "a//s", "a\\s", "s\n", "s\0", "ü", "~", "x" * 201]
)
def test_an_id_cannot_leave_the_prefix(bundled: S3Store, suite_id: str) -> None:
    """What is no id is refused before S3 is asked, and is not shown."""
    sent = _requests(bundled)
    with pytest.raises(SuiteInvalid, match=r"this is not one$"):
        bundled.load(suite_id)
    assert sent == []


def test_a_prefix_ends_at_a_slash(server: S3Server, store: S3Store) -> None:
    """A neighbour whose name only begins like the prefix is another place."""
    server.put("mine-too/s/suite.toml", ECHO)
    assert list(store.ids()) == []
    with pytest.raises(SuiteNotFound):
        store.load("s")


def test_a_missing_suite_is_told_with_close_ones(server: S3Server, store: S3Store) -> None:
    """As a directory tells it: the message counts the suites and names close ids."""
    server.put("mine/HumanEval/1/suite.toml", ECHO)
    server.put("mine/Mbpp/77/suite.toml", ECHO)
    message = rf"^s3://{BUCKET}/mine: no suite HumanEva/1 among the 2 there; did you mean HumanEval/1\?$"
    with pytest.raises(SuiteNotFound, match=message):
        store.load("HumanEva/1")


def test_a_missing_suite_does_not_list_a_large_store(bundled: S3Store) -> None:
    """One page is looked at, and a count that is not known is not told."""
    sent = _requests(bundled)
    with pytest.raises(SuiteNotFound, match=rf"^{BUNDLED_IN_S3}: no suite nowhere there$"):
        bundled.load("nowhere")
    assert len(sent) == 2


@pytest.mark.parametrize("key", ["my suite/suite.toml", "a//suite.toml", "../suite.json", "/suite.json"])
def test_a_key_that_cannot_be_an_id_is_named(server: S3Server, store: S3Store, key: str) -> None:
    """A suite is never left out without a word."""
    server.put(f"mine/{key}", "")
    with pytest.raises(SuiteInvalid, match=r"the path of a suite below its store is its id: .* rename it"):
        list(store.ids())


@pytest.mark.parametrize("name", native.SUITE_FILES)
def test_a_suites_own_place_is_not_a_store(server: S3Server, name: str) -> None:
    """A suite has no id in a store that is its own folder."""
    server.put(f"single/s/{name}", "")
    with pytest.raises(SuiteInvalid, match=rf"^s3://{BUCKET}/single/s: this is one suite's own place; give the place"):
        open_store(f"s3://{BUCKET}/single/s/")
    server.clear("single/")


@pytest.mark.parametrize(
    "place", ["s3://", "s3:///x", "s3://ab", "s3://bucket//x", "s3://bucket/a/../b", "s3://b:c/x", "s3://bücket/x"]
)
def test_a_place_of_another_form_is_refused(place: str) -> None:
    """The message shows the form. Nothing is asked."""
    with pytest.raises(SuiteNotFound, match=r"not the place of a store in S3; write s3://bucket/prefix"):
        open_store(place)


@pytest.mark.parametrize("place", ["gs://bucket/suites", "suites.tar", "suites.tar.gz", "https://x/suites.zip.gz"])
def test_what_this_release_cannot_open_is_refused(place: str) -> None:
    """Other archives, and stores of other kinds."""
    with pytest.raises(SuiteNotFound, match=r"this release opens folders, .zip and .sealed files, and s3://bucket/pre"):
        open_store(place)


# --- suites that cannot be used


@pytest.fixture(scope="module")
def arbitrary(server: S3Server) -> S3Store:
    """Open a store for objects of any content."""
    return S3Store(f"s3://{BUCKET}/mine")


def _same_fault(server: S3Server, store: S3Store, files: dict[str, bytes]) -> str | None:
    """Return how S3 and a directory fail on the same files, which must be alike; None when both give one suite."""
    server.clear("mine/")
    results: list[Any] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder, "s", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            server.put(f"mine/s/{name}", content)
        places = [(DirectoryStore(folder), folder), (store, store.place)]
        for one, place in places:
            try:
                results.append(one.load("s").digest)
            except SuiteError as error:
                results.append((type(error), str(error).replace(place, "STORE")))
    assert results[0] == results[1]
    return None if isinstance(results[0], str) else str(results[0][1])


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"suite.toml": b"kind = 'SECRET'"}, "s/suite.toml: kind: expected one of stdio, call, script"),
        ({"suite.json": b"{"}, "s/suite.json: not valid JSON (line 1, column 2)"),
        ({"suite.json": b"\xff"}, "s/suite.json: not valid UTF-8 text at byte 0"),
        ({"suite.toml": b"", "suite.json": b""}, "s: holds both of suite.toml and suite.json; keep exactly one"),
        ({"suite.toml": SCRIPT.encode()}, "s/suite.toml: tests: there are none; a suite needs at least one"),
        ({"suite.toml": b'kind = "stdio"', "tests/a.in": b""}, "s/tests/a.in: there is no a.ans beside it"),
        (
            {"suite.toml": b'kind = "stdio"', "tests/a.in": b"1", "tests/a.ans": b"1\xff"},
            "s/tests/a.ans: not valid UTF-8 text at byte 1",
        ),
        ({"tests/a.py": b"f()"}, ": no suite s among the 0 there"),
    ],
)  # fmt: skip
def test_a_fault_is_told_as_a_directory_tells_it(
    server: S3Server, arbitrary: S3Store, files: dict[str, bytes], fault: str
) -> None:
    """The same type and the same words, with the place in front; nothing hidden is shown."""
    told = _same_fault(server, arbitrary, files)
    assert told in (f"STORE/{fault}", f"STORE{fault}")
    assert "SECRET" not in told


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(native.SUITE_FILES),
    data=st.binary() | st.text('kindstoca"=[]{}:,tests12\n').map(str.encode),
    tests=st.dictionaries(
        st.builds("tests/{}{}".format, st.sampled_from(["a", "b", "a.b", "", "ü", " "]), st.sampled_from(SUFFIXES)),
        st.binary(max_size=3),
        max_size=3,
    ),
    kind=st.sampled_from([b"", b'kind = "stdio"\n', SCRIPT.encode()]),
)  # fmt: skip
def test_any_objects_are_what_a_directory_makes_of_them(
    server: S3Server, arbitrary: S3Store, name: str, data: bytes, tests: dict[str, bytes], kind: bytes
) -> None:
    """Whatever bytes they hold: an equal suite, or the same stated fault."""
    tests.pop("tests/", None)
    _same_fault(server, arbitrary, {name: kind + data} | tests)


@pytest.mark.parametrize(
    ("bound", "value", "fault"),
    [
        ("MAX_FILE_BYTES", 1024**2, "STORE/s/tests/a.py: larger than 1 MiB"),
        ("MAX_SUITE_BYTES", 2 * 1024**2, "STORE/s: its files are larger than 2 MiB together"),
    ],
)
def test_a_suite_too_large_is_refused_before_it_is_fetched(
    server: S3Server, store: S3Store, monkeypatch: pytest.MonkeyPatch, bound: str, value: int, fault: str
) -> None:
    """The listing says how large objects are, so memory is safe from them. A directory has the same bounds."""
    monkeypatch.setattr(native, bound, value)
    sent = _requests(store)
    large = b" " * (1024**2 + 1)
    files = {"suite.toml": SCRIPT.encode(), "tests/a.py": large, "tests/b.py": large[: -1 if "FILE" in bound else None]}
    assert _same_fault(server, store, files) == fault
    assert not any(name.endswith("GetObject") for name in sent)


def test_a_suite_of_too_many_files_is_refused_before_all_are_listed(
    server: S3Server, store: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages are asked for until it is clear that there are too many."""
    server.put("mine/s/suite.toml", SCRIPT)
    for number in range(12):
        server.put(f"mine/s/tests/{number:02}.py", "f()")
    for module in (native, s3):
        monkeypatch.setattr(module, "MAX_FILES", 4)
    sent = _requests(store)
    with pytest.raises(SuiteInvalid, match=r"/s/tests: more than 100,000 tests$"):
        store.load("s")
    assert len(sent) == 1 + 2  # the folder, and two of the four pages of tests


# --- when S3 does not give


def test_a_missing_bucket_is_not_a_store(server: S3Server) -> None:
    """It is told at once, not when the first answer comes."""
    with pytest.raises(SuiteNotFound, match=r"^s3://no-such-bucket/x: there is no such bucket; check the name"):
        open_store("s3://no-such-bucket/x")


def test_the_permission_to_list_is_asked_for_by_name(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who may only read objects is told at once what is missing."""
    with server.as_user("s3:GetObject") as variables:
        _use(monkeypatch, variables)
        with pytest.raises(SuiteUnavailable, match=r"denies access \(AccessDenied\); .* s3:ListBucket on the bucket$"):
            open_store(BUNDLED_IN_S3)


def test_the_permission_to_read_is_asked_for_by_name(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who may only list is told which permission is missing, and for which object."""
    with server.as_user("s3:ListBucket") as variables:
        _use(monkeypatch, variables)
        store = open_store(BUNDLED_IN_S3)
        assert list(store.ids()) == IDS
        message = rf"^{BUNDLED_IN_S3}/{IDS[0]}/.*denies access \(AccessDenied\); .* s3:GetObject on the objects"
        with pytest.raises(SuiteUnavailable, match=message):
            store.load(IDS[0])


def test_two_permissions_are_enough(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listing the bucket and getting objects is all that a role needs."""
    with server.as_user("s3:ListBucket", "s3:GetObject") as variables:
        _use(monkeypatch, variables)
        assert open_store(BUNDLED_IN_S3).load(IDS[0]) == BUNDLED.load(IDS[0])


def test_credentials_that_nobody_gave_are_refused(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says to renew them."""
    message = r"does not accept the credentials \(InvalidAccessKeyId\); renew"
    with server.as_user("s3:ListBucket"), pytest.raises(SuiteUnavailable, match=message):
        open_store(BUNDLED_IN_S3)


@pytest.mark.parametrize(
    ("unset", "variables", "message"),
    [
        (["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], {}, r"no usable AWS credentials \(NoCredentialsError\); give"),
        (["AWS_SECRET_ACCESS_KEY"], {}, r"no usable AWS credentials \(PartialCredentialsError\); give"),
        ([], {"AWS_PROFILE": "none-such"}, r"no usable AWS credentials \(ProfileNotFound\); give"),
        ([], {"AWS_ENDPOINT_URL_S3": "nowhere"}, r"boto3 cannot be used; check AWS_REGION and AWS_ENDPOINT_URL_S3$"),
        ([], {"AWS_ENDPOINT_URL_S3": "", "AWS_DEFAULT_REGION": "a b"}, r"boto3 cannot .*; check .*AWS_REGION"),
        (
            [],
            {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"},
            r"S3 cannot be reached \(EndpointConnectionError\), .* nothing about the suite, so try again; if .* VPC",
        ),
    ],
)
def test_a_setting_that_does_not_work_is_told(
    server: S3Server, monkeypatch: pytest.MonkeyPatch, unset: list[str], variables: dict[str, str], message: str
) -> None:
    """Each says what to set or to check, and none says that there is no such suite."""
    for name in unset:
        monkeypatch.delenv(name)
    _use(monkeypatch, variables)
    with pytest.raises(SuiteUnavailable, match=rf"^{BUNDLED_IN_S3}: .*{message}"):
        open_store(BUNDLED_IN_S3)


def test_boto3_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the message says how to install it. A mark in `sys.modules` stands in for an environment without."""
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.delitem(sys.modules, "boto3.session", raising=False)
    with pytest.raises(SuiteNotFound, match=r"needs boto3; install it with: pip install 'rlvr-verifier\[aws\]'$"):
        open_store(BUNDLED_IN_S3)


def _error(code: str) -> str:
    return f"<Error><Code>{code}</Code><Message>HIDDEN</Message></Error>"


LISTING = (
    "<ListBucketResult><IsTruncated>false</IsTruncated>{}</ListBucketResult>",
    "<Contents><Key>s/suite.toml</Key><ETag>&quot;1&quot;</ETag><Size>9</Size></Contents>",
)
LISTED = LISTING[0].format(LISTING[1])


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (503, _error("SlowDown"), r"overloaded or out of order \(SlowDown\), also after retries; .* so try again$"),
        (500, _error("InternalError"), r"overloaded or out of order \(InternalError\)"),
        (502, "<html>", r"overloaded or out of order \(502\)"),
        (429, _error("x y"), r"overloaded or out of order \(unknown error\)"),
        (400, _error("ExpiredToken"), r"does not accept the credentials \(ExpiredToken\); renew them"),
        (403, _error("AllAccessDisabled"), r"denies access \(AllAccessDisabled\); give .* s3:ListBucket"),
        (400, _error("InvalidRequest"), r"S3 refuses the request \(InvalidRequest, HTTP 400\); check the bucket"),
        (200, "no XML", r"overloaded or out of order \(500\)"),
    ],
)
def test_an_outage_is_no_missing_suite(
    server: S3Server, monkeypatch: pytest.MonkeyPatch, status: int, body: str, message: str
) -> None:
    """Invariant I7: what S3 answers when it is in trouble is told as that.

    A server of our own answers, since moto is never in trouble.
    """
    healthy = [True] * 3  # opening, and twice for what is not there

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if healthy:
            healthy.pop()
            reply(handler, 200, LISTING[0].format(""))
        else:
            reply(handler, status, body)

    with answering(answer) as url:
        _use(monkeypatch, settings_for(url) | {"AWS_MAX_ATTEMPTS": "1"})
        store = open_store(f"s3://{BUCKET}")
        with pytest.raises(SuiteNotFound):
            store.load("s")
        with pytest.raises(SuiteUnavailable, match=message) as caught:
            store.load("s")
    assert "HIDDEN" not in str(caught.value)


def test_a_request_is_tried_again(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """One answer of an overloaded S3 does not reach the caller. A server of our own answers."""
    troubles = [503]

    def answer(handler: BaseHTTPRequestHandler) -> None:
        reply(handler, *((troubles.pop(), _error("SlowDown")) if troubles else (200, LISTED)))

    with answering(answer) as url:
        _use(monkeypatch, settings_for(url))
        assert list(open_store(f"s3://{BUCKET}").ids()) == ["s"]


def test_a_server_that_does_not_answer_is_given_up(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time-outs are an outage as well. A server of our own keeps silent."""
    over = threading.Event()
    monkeypatch.setattr(aws_clients, "READ_SECONDS", 0.1)
    with answering(lambda _: over.wait(5) and None) as url:
        _use(monkeypatch, settings_for(url) | {"AWS_MAX_ATTEMPTS": "1"})
        with pytest.raises(SuiteUnavailable, match=r"S3 cannot be reached \(ReadTimeoutError\)"):
            open_store(f"s3://{BUCKET}")
        over.set()


@pytest.mark.parametrize(("broken", "is_read"), [(2, True), (3, False)])
def test_an_answer_that_breaks_off_is_asked_for_again(
    server: S3Server, monkeypatch: pytest.MonkeyPatch, broken: int, is_read: bool
) -> None:
    """Three times, then the store is unavailable. A server of our own breaks off in the middle of an object."""
    breaks = iter([True] * broken)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if "list-type" in handler.path:
            return reply(handler, 200, LISTED)
        content = ECHO.format(1)
        if not next(breaks, False):
            return reply(handler, 200, content)
        handler.close_connection = True
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[:5].encode())
        return None

    with answering(answer) as url:
        _use(monkeypatch, settings_for(url))
        store = open_store(f"s3://{BUCKET}")
        if is_read:
            assert store.load("s").tests[0].stdout == "1"
        else:
            with pytest.raises(SuiteUnavailable, match=r"/s: S3 broke off an answer \(\w+\), 3 times; try again$"):
                store.load("s")


def test_an_archived_object_is_told(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """An object in cold storage is there and denied; the message says what to do. A server of our own answers."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        listing = "list-type" in handler.path
        reply(handler, *((200, LISTED) if listing else (403, _error("InvalidObjectState"))))

    with answering(answer) as url:
        _use(monkeypatch, settings_for(url))
        with pytest.raises(SuiteUnavailable, match=r"/s/suite\.toml: an object is archived; restore it"):
            open_store(f"s3://{BUCKET}").load("s")


# --- the product over it


def test_answers_are_graded_with_suites_in_s3(server: S3Server) -> None:
    """End to end: a right and a wrong answer, and the grade says which version of the suite it was."""
    right = fenced(BUNDLED.reference("round-table") or "")
    with Verifier(BUNDLED_IN_S3, workers=1) as verifier:
        grade = verifier.grade(right, "round-table")
        assert (grade.verdict, grade.reward) == (Verdict.ACCEPTED, 1.0)
        assert grade.digest == BUNDLED.load("round-table").digest
        assert verifier.grade(fenced("print(0)"), "round-table").reward < 0


def test_an_outage_leaves_answers_not_judged(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant I7: never a reward of the model's; the message says that S3 is the cause. The server is gone."""
    with s3_server() as other, Verifier(workers=1) as verifier:
        _use(monkeypatch, settings_for(other.url) | {"AWS_MAX_ATTEMPTS": "1"})
        verifier.suites = S3Store(f"s3://{BUCKET}", look_again_seconds=0)
        other.put("s/suite.toml", ECHO.format(1))
        samples = [Sample(id="1", answer=fenced("print(1)"), suite="s")]
        assert [grade.reward for grade in grade_many(verifier, samples, workers=1)] == [1.0]
    (grade,) = grade_many(verifier, samples, workers=1)
    assert not grade.judged
    assert "S3 cannot be reached" in grade.message
    assert "no such suite" not in grade.message


def test_the_commands_take_a_store_in_s3(server: S3Server, tmp_path: Path) -> None:
    """`verifier suites show` and `verifier grade` over the place as it stands."""

    def verifier(*arguments: str) -> Any:
        command = [sys.executable, "-m", "verifier", *arguments]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return json.loads(ran.stdout)

    shown = verifier("suites", "show", BUNDLED_IN_S3, "--json")
    assert {row["id"]: row["digest"] for row in shown} == {suite_id: BUNDLED.load(suite_id).digest for suite_id in IDS}
    answers = tmp_path / "answers.jsonl"
    answers.write_text(json.dumps({"id": "1", "suite": "one-ferry", "answer": "It cannot be done."}) + "\n")
    assert verifier("grade", BUNDLED_IN_S3, str(answers))["verdict"] == "no_code"
