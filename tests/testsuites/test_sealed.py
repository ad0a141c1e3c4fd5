"""testsuites.sealed and testsuites.sealed_writing: suites that only a key opens."""

from __future__ import annotations

import secrets
import struct
import tempfile
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from tests.testsuites.sealing import (
    ANOTHER_KEY,
    ECHO,
    ONE_KEY,
    contents,
    key_set,
    opened,
    sealed_bytes,
    write_suites,
)
from tests.testsuites.test_archive import BUNDLED, IDS, written_while_loading, zipped_folder
from tests.verifier.answers import fenced
from testsuites import sealed, sealed_format, sealed_writing
from testsuites.errors import SuiteError, SuiteInvalid, SuiteNotFound
from testsuites.one_file import LocalFile
from testsuites.sealed_format import FIXED, MAGIC, START, Entries, associated, inflate, nonce
from testsuites.sealed_keys import KEY, new_file_key
from testsuites.sealed_writing import seal, unseal
from testsuites.store import open_store
from testsuites.whole import open_whole
from verifier import Verdict, Verifier

CHANGED = "was changed or cut short after it was sealed; copy it again, or seal the suites again"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the key."""
    monkeypatch.setenv(KEY, ONE_KEY)


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seal the bundled suites."""
    file = tmp_path_factory.mktemp("sealed") / "bundled.sealed"
    with key_set():
        done = seal(open_whole(str(BUNDLED.path)), "bundled", file)
    assert done.suites == len(IDS)
    assert done.size == file.stat().st_size
    return file


def _small() -> bytes:
    """Return two sealed suites, one with something beside it."""
    with tempfile.TemporaryDirectory() as place, key_set():
        folder = write_suites(Path(place, "suites"), one="SECRET", two="2")
        (folder / "one" / "reference.py").write_text("SECRET")
        return sealed_bytes(folder)


SMALL = _small()
ALL_OF_SMALL = {
    "one": {"suite.toml": ECHO.format("SECRET").encode(), "reference.py": b"SECRET"},
    "two": {"suite.toml": ECHO.format("2").encode()},
}


# --- what is read


def test_sealed_suites_are_the_suites_of_the_folder(bundled: Path) -> None:
    """Ids, suites, digests and records are the same."""
    store = open_store(bundled)
    assert list(store.ids()) == IDS
    for suite_id in IDS:
        assert store.load(suite_id) == BUNDLED.load(suite_id)
        assert store.load(suite_id).digest == BUNDLED.load(suite_id).digest
        assert store.calibration(suite_id) == BUNDLED.calibration(suite_id)


def test_an_archive_can_be_sealed(tmp_path: Path) -> None:
    """All that it holds is in the file, as if its folder had been sealed."""
    (tmp_path / "b.zip").write_bytes(zipped_folder(BUNDLED.path))
    seal(open_whole(str(tmp_path / "b.zip")), "b.zip", tmp_path / "b.sealed")
    from_archive = contents((tmp_path / "b.sealed").read_bytes())
    seal(open_whole(str(BUNDLED.path)), "bundled", tmp_path / "f.sealed")
    assert from_archive == contents((tmp_path / "f.sealed").read_bytes())


def test_what_was_sealed_comes_back(bundled: Path, tmp_path: Path) -> None:
    """Every file of a suite and beside it, byte for byte; what belongs to no suite was left out."""
    with bundled.open("rb") as file:
        assert unseal(opened(file.read()), tmp_path / "back") == len(IDS)
    there = {path.relative_to(BUNDLED.path): path for path in BUNDLED.path.rglob("*") if path.is_file()}
    back = {path.relative_to(tmp_path / "back"): path for path in (tmp_path / "back").rglob("*") if path.is_file()}
    assert there.keys() - back.keys() == {Path("README.md")}
    for name, path in back.items():
        assert path.read_bytes() == there[name].read_bytes()


def test_it_is_sealed_into_a_new_folder_only(tmp_path: Path) -> None:
    """Suites of two versions are never mixed; a folder that cannot be written appears not at all."""
    write_suites(tmp_path / "there", s="1")
    with pytest.raises(SuiteInvalid, match="is there already; give the name of a folder to be made"):
        unseal(opened(SMALL), tmp_path / "there")
    (tmp_path / "empty").mkdir()
    assert unseal(opened(SMALL), tmp_path / "empty") == 2
    broken = bytearray(SMALL)
    broken[-40] ^= 1
    with pytest.raises(SuiteInvalid):
        unseal(opened(bytes(broken)), tmp_path / "none")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "there"]


def test_a_file_that_changes_is_opened_again(tmp_path: Path) -> None:
    """Suites are kept until another file takes its place, sealed with the same key."""
    folder = write_suites(tmp_path / "suites", s="1")
    sealed_bytes(folder)
    store = open_store(tmp_path / "suites.sealed")
    first = store.load("s")
    assert store.load("s") is first
    sealed_bytes(write_suites(folder, s="2", t="3"))
    assert list(store.ids()) == ["s", "t"]
    assert store.load("s").tests[0].stdout == "2"


def test_nothing_is_written_to_disk(bundled: Path) -> None:
    """Invariant I2: no decrypted byte, nor any other, is on disk. Python's audit events tell of each file."""
    assert written_while_loading(str(bundled), **{KEY: ONE_KEY}) == f"{len(IDS)} []"


def test_answers_are_graded_with_sealed_suites(bundled: Path) -> None:
    """End to end: a right and a wrong answer, and the digest on the grade is that of the suite in the clear."""
    with Verifier(bundled, workers=1) as verifier:
        grade = verifier.grade(fenced(BUNDLED.reference("round-table") or ""), "round-table")
        assert (grade.verdict, grade.reward) == (Verdict.ACCEPTED, 1.0)
        assert grade.digest == BUNDLED.load("round-table").digest
        assert (verifier.grade(fenced("print(0)"), "round-table").reward or 0) < 0


# --- what the file hides


def test_the_file_holds_nothing_in_the_clear(bundled: Path) -> None:
    """Neither ids nor names of files, nor a line of any test, reference or statement."""
    data = bundled.read_bytes()
    texts = [path for path in BUNDLED.path.rglob("*") if path.is_file()]
    lines = {line for path in texts for line in path.read_bytes().splitlines() if len(line) > 6}
    assert len(lines) > 1000
    assert not any(line in data for line in lines)
    assert not any(suite_id.encode() in data for suite_id in IDS if len(suite_id) > 4)
    assert b"suite.toml" not in data


def test_no_two_entries_share_a_key_and_a_nonce(tmp_path: Path) -> None:
    """The nonce is the entry's number, and the key is of one file: suites sealed twice have nothing in common."""
    assert len({nonce(number) for number in range(1000)}) == 1000
    folder = write_suites(tmp_path / "suites", s="1")
    first, second = sealed_bytes(folder), sealed_bytes(folder)
    start = len(_head(first))
    assert not any(first[at : at + 16] in second[start:] for at in range(start, len(first) - 24))


def test_no_repr_or_message_shows_what_is_inside(tmp_path: Path) -> None:
    """Invariant I8: not of what is open, nor of a suite in it that cannot be used."""
    found = opened(SMALL)
    (tmp_path / "x.sealed").write_bytes(SMALL)
    for thing in (found, open_store(tmp_path / "x.sealed"), new_file_key("p")):
        assert "SECRET" not in repr(thing)
        assert ONE_KEY[:8] not in repr(thing)


# --- a file that somebody changed


def _head(data: bytes) -> bytes:
    return data[: FIXED.size + FIXED.unpack(data[: FIXED.size])[2]]


def _never_something_else(data: bytes) -> None:
    """Assert that whatever comes out of a changed file is what was sealed, and that something does not come out."""
    broken = 0
    try:
        found = opened(data)
        assert list(found.ids) == ["one", "two"]
    except SuiteInvalid as error:
        assert "SECRET" not in str(error)  # noqa: PT017 - either may come out
        return
    for suite_id in found.ids:
        out = {}
        for read in (found.files, found.beside):
            try:
                out |= read(suite_id)
            except SuiteInvalid as error:
                assert str(error) == f"place/{suite_id}: {CHANGED}"  # noqa: PT017 - likewise
                broken += 1
        assert out.items() <= ALL_OF_SMALL[suite_id].items()
    assert broken


def test_what_is_not_changed_opens() -> None:
    """What the next tests change is right as it stands."""
    assert contents(SMALL) == ALL_OF_SMALL


@given(st.integers(0, len(SMALL) - 1), st.integers(1, 255))
def test_a_changed_byte_is_found(place: int, change: int) -> None:
    """Wherever it is: the file, or the suite that it belongs to, does not open."""
    data = bytearray(SMALL)
    data[place] ^= change
    with key_set():
        _never_something_else(bytes(data))


def test_every_byte_counts() -> None:
    """Each single one, changed, is found."""
    for place in range(len(SMALL)):
        data = bytearray(SMALL)
        data[place] ^= 0x80
        _never_something_else(bytes(data))


@given(st.integers(0, len(SMALL) - 1), st.binary(min_size=1, max_size=40))
def test_a_file_cut_short_or_made_longer_is_found(length: int, more: bytes) -> None:
    """At any place, and with anything."""
    with key_set():
        for data in (SMALL[:length], SMALL + more, more + SMALL, SMALL[:length] + more + SMALL[length:]):
            with pytest.raises(SuiteInvalid):
                contents(data)


@given(st.binary() | st.binary().map(lambda data: MAGIC + b"\0\1" + data))
def test_any_bytes_are_a_stated_fault(data: bytes) -> None:
    """Nothing but an error of suites is raised."""
    with key_set(), pytest.raises(SuiteInvalid):
        contents(data)


def _parts(data: bytes) -> tuple[list[bytes], bytes]:
    """Return the entries of a file, and its index with what follows. Whoever has the key can tell where they stand."""
    places = [entry for pair in opened(data)._suites.values() for entry in pair]
    last = places[-1]
    return [data[e.offset : e.offset + e.length] for e in places], data[last.offset + last.length :]


def _two_alike(folder: Path) -> tuple[str, str]:
    """Return two texts that make suites of the same length once they are compressed."""
    texts = [str(number) for number in range(10)]
    entries = _parts(sealed_bytes(write_suites(folder, **{f"s{text}": text for text in texts})))[0][::2]
    lengths = [len(entry) for entry in entries]
    first = next(number for number, length in enumerate(lengths) if lengths.count(length) > 1)
    return texts[first], texts[lengths.index(lengths[first], first + 1)]


def test_entries_cannot_change_places(tmp_path: Path) -> None:
    """Two suites of one length that are swapped do not open: an easy one cannot be put where a hard one was."""
    one, another = _two_alike(tmp_path / "tries")
    data = sealed_bytes(write_suites(tmp_path / "suites", easy=one, hard=another))
    (easy, no_easy, hard, no_hard), index = _parts(data)
    assert len(easy) == len(hard)
    swapped = opened(_head(data) + hard + no_easy + easy + no_hard + index)
    for suite_id in ("easy", "hard"):
        with pytest.raises(SuiteInvalid, match=rf"^place/{suite_id}: {CHANGED}"):
            swapped.files(suite_id)


def test_an_entry_of_an_older_file_does_not_open(tmp_path: Path) -> None:
    """The old version of a suite, sealed with the same key, in the place of the new: it does not go back."""
    older, newer = _two_alike(tmp_path / "tries")
    folder = write_suites(tmp_path / "suites", s=older, t="0")
    old = sealed_bytes(folder)
    new = sealed_bytes(write_suites(folder, s=newer))
    (old_entry, *_), _ = _parts(old)
    (new_entry, *others), index = _parts(new)
    assert len(old_entry) == len(new_entry)
    with pytest.raises(SuiteInvalid, match=rf"^place/s: {CHANGED}"):
        opened(_head(new) + old_entry + b"".join(others) + index).files("s")
    with pytest.raises(SuiteInvalid, match=rf"^place: {CHANGED}"):
        opened(_head(old) + new[len(_head(new)) :])


def test_without_that_binding_entries_change_places() -> None:
    """The attack on a file whose entries are each encrypted well, under a nonce that stands before it, and no more."""
    cipher = AESGCM(secrets.token_bytes(32))
    nonces = [secrets.token_bytes(12) for _ in range(2)]
    easy, hard = (n + cipher.encrypt(n, text, None) for n, text in zip(nonces, [b"easy", b"hard"], strict=True))
    naive = {"easy": hard, "hard": easy}  # swapped by somebody without the key
    assert cipher.decrypt(naive["hard"][:12], naive["hard"][12:], None) == b"easy"


# --- a file that another program made


def _forged(rows: list[Entries], entries: list[bytes], *, index_number: int = 0) -> bytes:
    """Make a file with the right key, as a mistaken writer would; entries are plain."""
    sealing = new_file_key("place")
    start = sealed_format.head(sealing.header)
    body = b""
    for number, plain in enumerate(entries, start=1):
        suite_id = rows[(number - 1) // 2].id
        body += sealing.cipher.encrypt(nonce(number), plain, associated(start, number, suite_id))
    index = msgspec.msgpack.encode(rows)
    index = sealing.cipher.encrypt(nonce(index_number), index, associated(start, index_number, ""))
    return start + body + index + START.pack(len(start) + len(body))


def test_a_version_to_come_is_named() -> None:
    """The message says which version it is, and which are read."""
    data = MAGIC + struct.pack(">H", 2) + SMALL[10:]
    with pytest.raises(SuiteInvalid, match=r"^place: is of version 2, and this release reads 1; seal the suites"):
        opened(data)


def test_what_is_no_sealed_file_says_how_to_make_one() -> None:
    """Such as an archive with another's name."""
    with pytest.raises(SuiteInvalid, match=r"^place: not a file of sealed suites; make one with `verifier"):
        opened(b"PK" * 50)


@pytest.mark.parametrize(
    ("rows", "entries", "message"),
    [
        ([Entries("s", 17, 17, -1, 1)], [b"x", b"y"], "its index names an impossible length"),
        ([Entries("s", 17, 17, 1, 1 << 40)], [b"x", b"y"], "its index names an impossible length"),
        ([Entries("s", 17, 1, 1, 1)], [b"x", b"y"], "its index names an impossible length"),
        ([Entries("s", 17, 18, 1, 1)], [b"x", b"y"], "its index does not fit its content"),
        ([Entries("s", 17, 17, 1, 1)] * 2, [b"x"] * 4, "its index does not fit its content"),
        ([Entries("t", 17, 17, 1, 1), Entries("s", 17, 17, 1, 1)], [b"x"] * 4, "its index does not fit its content"),
        ([Entries("../s", 17, 17, 1, 1)], [b"x", b"y"], "this is not one"),
        ([Entries("s", 17, 17, 1, 1)], [b"x", b"y"], "place/s: is not sealed as this version does it"),
    ],
)
def test_what_a_mistaken_writer_made_is_refused(rows: list[Entries], entries: list[bytes], message: str) -> None:
    """Even with the right key nothing is believed that this version does not write."""
    with pytest.raises(SuiteInvalid, match=message):
        contents(_forged(rows, entries))


@pytest.mark.parametrize("name", ["../x", "tests/../../x.in", "notes.md", "tests/a/b.in", "submissions/../x", "/etc/x"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    """A file of another writer cannot write beside the folder into which it is unsealed."""
    files = msgspec.msgpack.encode({name: b""})
    packed = zlib.compress(files)
    rows = [Entries("s", len(packed) + 16, len(packed) + 16, len(files), len(files))]
    with pytest.raises(SuiteInvalid, match="place/s: holds a file that is no part of a suite"):
        unseal(opened(_forged(rows, [packed, packed])), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=50), st.integers(0, 60))
def test_what_was_compressed_takes_no_more_memory_than_it_said(data: bytes, said: int) -> None:
    """A size that is not the right one is refused on either side; the right one gives the data back."""
    if said == len(data):
        assert inflate(zlib.compress(data), said) == data
    else:
        with pytest.raises(ValueError, match="of another size"):
            inflate(zlib.compress(data), said)
    with pytest.raises(ValueError, match=r"of another size|not compressed"):
        inflate(zlib.compress(data) + b"x", len(data))


def test_a_header_or_an_index_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that just fits is."""
    header, index = len(_head(SMALL)) - FIXED.size, len(_parts(SMALL)[1]) - START.size
    monkeypatch.setattr(sealed, "MAX_HEADER_BYTES", header)
    monkeypatch.setattr(sealed, "MAX_INDEX_BYTES", index)
    assert contents(SMALL) == ALL_OF_SMALL
    monkeypatch.setattr(sealed, "MAX_INDEX_BYTES", index - 1)
    with pytest.raises(SuiteInvalid, match=CHANGED):
        opened(SMALL)
    monkeypatch.setattr(sealed, "MAX_INDEX_BYTES", index)
    monkeypatch.setattr(sealed, "MAX_HEADER_BYTES", header - 1)
    with pytest.raises(SuiteInvalid, match=CHANGED):
        opened(SMALL)


# --- sealing


def test_a_suite_that_cannot_be_used_is_not_sealed(tmp_path: Path) -> None:
    """The message names it, and the file that was there stays as it was."""
    folder = write_suites(tmp_path / "suites", a="1", b="2")
    before = sealed_bytes(folder)
    (folder / "b" / "suite.toml").write_text("kind = 'SECRET'")
    with pytest.raises(SuiteInvalid, match=r"b/suite\.toml: kind: expected one of"):
        sealed_bytes(folder)
    assert (tmp_path / "suites.sealed").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["suites", "suites.sealed"]


def test_too_many_suites_for_one_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a file appears that could not be opened."""
    folder = write_suites(tmp_path / "suites", a="1", b="2")
    index = len(_parts(sealed_bytes(folder))[1]) - START.size
    monkeypatch.setattr(sealed_writing, "MAX_INDEX_BYTES", index)
    sealed_bytes(folder)
    monkeypatch.setattr(sealed_writing, "MAX_INDEX_BYTES", index - 1)
    with pytest.raises(SuiteInvalid, match="holds too many suites for one file; split it"):
        sealed_bytes(folder)


@pytest.mark.parametrize(
    ("place", "kind", "message"),
    [
        ("s3://bucket/prefix", SuiteNotFound, "get the objects first: aws s3 sync s3://bucket/prefix FOLDER"),
        ("x.sealed", SuiteInvalid, "is sealed already; `verifier suites unseal` gives the folder back"),
        ("nowhere", SuiteNotFound, "no such directory"),
    ],
)
def test_what_cannot_be_sealed_says_what_to_do(place: str, kind: type[SuiteError], message: str) -> None:
    """Sealing reads folders and archives."""
    with pytest.raises(kind, match=message):
        open_whole(place)


def test_an_empty_folder_is_not_sealed(tmp_path: Path) -> None:
    """Nor is a file made where no file can be."""
    (tmp_path / "none").mkdir()
    with pytest.raises(SuiteInvalid, match="holds no suites; name the folder that holds them"):
        sealed_bytes(tmp_path / "none")
    folder = write_suites(tmp_path / "suites", s="1")
    with pytest.raises(SuiteInvalid, match=r"x\.sealed: cannot be written: No such file or directory"):
        seal(open_whole(str(folder)), "suites", tmp_path / "missing" / "x.sealed")


def test_memory_does_not_grow_with_the_store(tmp_path: Path) -> None:
    """Sealing, and loading one after the other, hold a suite or two at a time, not all of them."""
    size = 1024 * 1024
    archive = tmp_path / "suites.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(16):
            file.writestr(f"s{number}/suite.toml", ECHO.format(number))
            file.writestr(f"s{number}/tests/a.in", secrets.token_hex(size // 2))
            file.writestr(f"s{number}/tests/a.ans", "1")
    data = tmp_path / "suites.sealed"
    tracemalloc.start()
    try:
        seal(open_whole(str(archive)), "suites", data)
        unseal(sealed.Sealed(LocalFile(data).open().content, "place"), tmp_path / "back")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert data.stat().st_size > 6 * size
    assert peak < 8 * size


def test_another_key_opens_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names both by their ids. It is told when the store is opened."""
    (tmp_path / "x.sealed").write_bytes(SMALL)
    assert open_store(tmp_path / "x.sealed").load("two").id == "two"
    monkeypatch.setenv(KEY, ANOTHER_KEY)
    with pytest.raises(SuiteInvalid, match=r"is sealed with another key, '\w{16}'; the one that is set is '\w{16}'$"):
        open_store(tmp_path / "x.sealed")
