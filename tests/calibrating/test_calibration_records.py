"""testsuites.calibration and the stores: a record beside a suite is written whole, read back, and checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.testsuites.s3_server import BUCKET, s3_server, settings_for
from tests.verifier.answers import calls
from testsuites.calibration import (
    CALIBRATION_FILE,
    Calibration,
    Cost,
    Mutants,
    Settings,
    Share,
    read_calibration,
    written,
)
from testsuites.directory import DirectoryStore
from testsuites.errors import SuiteInvalid
from testsuites.s3 import S3Store

RECORD = Calibration(
    digest="sha256:0",
    evidence="sha256:1",
    settings=Settings(seed=3, mutants=50, inputs=100),
    gold=True,
    baseline=0.25,
    baseline_program="returns-0",
    mutants=Mutants(possible=80, made=50, killed=40, gaps=4, equivalent=6),
    wrong_accepted=("NumberReplacer#0 line 2",),
    false_positives=Share(count=4, total=60, low=0.026, high=0.16),
    inputs_tried=97,
    cost=Cost(cpu_seconds=0.0125, cpu_spread=0.001, peak_bytes=10_424_320, tokens=145),
)
HIDDEN = "314159"
COUNTS = st.integers(0, 10**6)


@st.composite
def records(draw: st.DrawFn) -> Calibration:
    """Any record that can be written."""
    names = st.lists(st.text(st.characters(exclude_categories=["Cs"]))).map(tuple)
    return Calibration(
        digest=draw(st.text(st.characters(exclude_categories=["Cs"]))),
        evidence="sha256:1",
        settings=Settings(seed=draw(COUNTS), mutants=draw(COUNTS), inputs=draw(COUNTS)),
        gold=draw(st.booleans()),
        problem=draw(st.text(st.characters(exclude_categories=["Cs"]))),
        baseline=draw(st.floats(0, 1)),
        nulls_accepted=draw(names),
        mutants=Mutants(killed=draw(COUNTS), gaps=draw(COUNTS)),
        false_negatives=Share(
            count=draw(COUNTS), total=draw(COUNTS), low=draw(st.floats(0, 1)), high=draw(st.floats(0, 1))
        ),
        inputs_tried=draw(COUNTS),
        cost=draw(st.none() | costs()),
    )


def costs() -> st.SearchStrategy[Cost]:
    """Any cost that can be measured."""
    seconds = st.floats(0, 1e6)
    return st.builds(Cost, cpu_seconds=seconds, cpu_spread=seconds, peak_bytes=COUNTS, tokens=COUNTS)


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    """Return a store with one suite."""
    store = DirectoryStore(tmp_path / "suites", create=True)
    store.write(calls((1, 2), id="a/b"))
    return store


@given(records())
def test_a_record_that_is_written_is_read_back(record: Calibration) -> None:
    """Nothing is lost or rounded."""
    assert read_calibration(written(record).encode(), "x") == record


@given(st.binary(max_size=200))
def test_any_bytes_are_a_record_or_refused(data: bytes) -> None:
    """No content raises anything else."""
    with pytest.raises(SuiteInvalid, match=r"^x/calibration\.json: .*remove the file, or calibrate the suite again$"):
        read_calibration(data, "x/calibration.json")


@given(
    st.sampled_from([*json.loads(written(RECORD)), "other"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.just(HIDDEN),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["count", "low", "killed", "seed"]), inner),
    ),
)
def test_a_record_that_was_changed_by_hand_is_a_record_or_refused(field: str, value: object) -> None:
    """What is read has a baseline in 0..1, and counts; an error does not quote the value."""
    document = json.loads(written(RECORD)) | {field: value}
    told = ""
    try:
        record = read_calibration(json.dumps(document).encode(), "x")
    except SuiteInvalid as error:
        record, told = RECORD, str(error)
    assert HIDDEN not in told
    assert 0.0 <= record.baseline <= 1.0
    assert record.mutants.killed >= 0


@pytest.mark.parametrize("baseline", ["NaN", "Infinity", "-0.1", "1.1", '"0.5"', "null"])
def test_a_baseline_that_would_break_rewards_is_refused(baseline: str) -> None:
    """The field is named."""
    data = written(RECORD).replace('"baseline": 0.25', f'"baseline": {baseline}')
    with pytest.raises(SuiteInvalid, match=r"^x: baseline: "):
        read_calibration(data.encode(), "x")


def test_a_record_of_before_costs_were_measured_is_read() -> None:
    """It has none."""
    document = json.loads(written(RECORD))
    del document["cost"]
    assert read_calibration(json.dumps(document).encode(), "x").cost is None


@pytest.mark.parametrize(
    "cost", ['{"cpu_seconds": -1}', '{"tokens": 1.5}', '{"cpu": 1}', "{", '{"cpu_seconds": 1e999}']
)
def test_a_cost_that_cannot_be_is_refused(cost: str) -> None:
    """So that no figure is made of it."""
    document = written(RECORD)
    start = document.index('"cost": ') + len('"cost": ')
    with pytest.raises(SuiteInvalid, match=r"^x: "):
        read_calibration(f"{document[:start]}{cost}\n}}\n".encode(), "x")


def test_a_record_of_another_format_is_refused() -> None:
    """Its figures may mean something else."""
    with pytest.raises(SuiteInvalid, match="not a record of format 1; remove the file, or calibrate"):
        read_calibration(written(RECORD).replace('"format": 1', '"format": 2').encode(), "x")


def test_a_record_lies_beside_its_suite_and_is_no_part_of_it(store: DirectoryStore) -> None:
    """The digest stays, the suite is not listed twice, and a new record takes the old one's place."""
    digest = store.load("a/b").digest
    assert store.calibration("a/b") is None
    store.write_calibration("a/b", RECORD)
    store.write_calibration("a/b", Calibration(digest=digest, evidence="", settings=Settings(), gold=False))
    assert store.calibration("a/b") == Calibration(digest=digest, evidence="", settings=Settings(), gold=False)
    assert DirectoryStore(store.path).load("a/b").digest == digest
    assert list(store.ids()) == ["a/b"]
    assert sorted(path.name for path in (store.path / "a/b").iterdir()) == [CALIBRATION_FILE, "suite.json"]


def test_a_record_that_cannot_be_written_is_told(store: DirectoryStore) -> None:
    """A folder in its place is an error of the suite, and leaves no draft behind."""
    (store.path / "a/b" / CALIBRATION_FILE).mkdir()
    with pytest.raises(SuiteInvalid, match=r"calibration\.json: cannot be written: Is a directory$"):
        store.write_calibration("a/b", RECORD)
    assert sorted(path.name for path in (store.path / "a/b").iterdir()) == [CALIBRATION_FILE, "suite.json"]


def test_a_store_in_s3_reads_the_record(store: DirectoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes with the suite, at no request of its own; one that was changed is seen; one is not needed."""
    with s3_server() as server:
        for name, value in settings_for(server.url).items():
            monkeypatch.setenv(name, value)
        server.upload(store.path, "plain")
        assert S3Store(f"s3://{BUCKET}/plain").calibration("a/b") is None
        store.write_calibration("a/b", RECORD)
        server.upload(store.path, "measured")
        remote = S3Store(f"s3://{BUCKET}/measured")
        sent: list[str] = []
        remote._client.meta.events.register("before-send.s3", lambda event_name, **_: sent.append(event_name))
        suite = remote.load("a/b")
        asked = len(sent)
        assert remote.calibration("a/b") == RECORD
        assert len(sent) == asked
        assert suite == store.load("a/b")
        server.put(f"measured/a/b/{CALIBRATION_FILE}", "{}")
        fresh = S3Store(f"s3://{BUCKET}/measured")
        assert fresh.load("a/b") == suite
        with pytest.raises(SuiteInvalid, match=rf"^s3://{BUCKET}/measured/a/b/calibration\.json: not a record"):
            fresh.calibration("a/b")
