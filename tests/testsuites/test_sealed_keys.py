"""testsuites.sealed_keys: where the key comes from, and who cannot get it."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox import ordinary_user
from tests.sandbox.judge import Judge
from tests.sandbox.running import OVER_THE_FLOOR, run_bare
from tests.testsuites.sealing import ANOTHER_KEY, ONE_KEY, contents, key_set, sealed_bytes, write_suites
from testsuites.errors import SuiteError, SuiteInvalid, SuiteNotFound, SuiteUnavailable
from testsuites.sealed_format import GivenKey, KmsKey
from testsuites.sealed_keys import KEY, KEY_FILE, file_cipher, new_file_key, write_new_key

HEADER = new_file_key("p", {KEY: ONE_KEY}).header


def _open(**environment: str) -> None:
    file_cipher(HEADER, "place", environment)


def _key_file(folder: Path, text: str = ONE_KEY, mode: int = 0o600) -> str:
    path = folder / "key"
    path.write_text(text)
    path.chmod(mode)
    return str(path)


# --- where it comes from


@pytest.mark.parametrize("text", [ONE_KEY, f"{ONE_KEY}\n", f"  {ONE_KEY}\r\n"])
def test_the_key_may_stand_in_the_environment_or_in_a_file(tmp_path: Path, text: str) -> None:
    """Space around it does not matter; an empty variable counts as not set."""
    _open(**{KEY: text, KEY_FILE: ""})
    _open(**{KEY_FILE: _key_file(tmp_path, text)})


def test_a_new_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    """It holds 32 random bytes, opens what it sealed, and is never written over."""
    paths = [tmp_path / "a", tmp_path / "b"]
    mask = os.umask(0)
    try:
        ids = {write_new_key(path) for path in paths}
    finally:
        os.umask(mask)
    assert len(ids) == 2
    for path in paths:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert len(base64.b64decode(path.read_text())) == 32
    header = new_file_key("p", {KEY_FILE: str(paths[0])}).header
    file_cipher(header, "p", {KEY: paths[0].read_text()})
    assert isinstance(header, GivenKey)
    assert header.key_id in ids
    with pytest.raises(SuiteInvalid, match="is there already; a key that sealed something must not be lost"):
        write_new_key(paths[0])
    with pytest.raises(SuiteInvalid, match="cannot be written: No such file or directory"):
        write_new_key(tmp_path / "missing" / "key")


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o440, 0o640])
def test_a_key_file_that_a_group_may_read_is_used(tmp_path: Path, mode: int) -> None:
    """Kubernetes gives secrets to a container's group."""
    _open(**{KEY_FILE: _key_file(tmp_path, mode=mode)})


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602, 0o601, 0o660, 0o650])
def test_a_key_file_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    """The message says how to put it right."""
    message = rf"place: {KEY_FILE}: .*/key: others than its owner may use this key \(mode {mode:04o}\); run: chmod 600 "
    with pytest.raises(SuiteUnavailable, match=message):
        _open(**{KEY_FILE: _key_file(tmp_path, mode=mode)})


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, f"needs the key of the sealed suites; set {KEY_FILE} to the path of a key file, or {KEY}"),
        ({KEY: ONE_KEY, KEY_FILE: "x"}, f"both {KEY} and {KEY_FILE} are set; keep one"),
        ({KEY_FILE: "/nonexistent/key"}, f"{KEY_FILE}: /nonexistent/key: cannot be read: No such file or directory"),
        ({KEY: "SECRET"}, f"{KEY} does not give 32 bytes as base64; `verifier suites seal --new-key FILE` makes a key"),
        ({KEY: ONE_KEY[:-4]}, f"{KEY} does not give 32 bytes as base64"),
        ({KEY: ONE_KEY + "AAAA"}, f"{KEY} does not give 32 bytes as base64"),
        ({KEY: ONE_KEY.replace("=", "*")}, f"{KEY} does not give 32 bytes as base64"),
        ({KEY: "ü" * 44}, f"{KEY} does not give 32 bytes as base64"),
    ],
)
def test_a_key_that_cannot_be_used_says_what_to_do(environment: dict[str, str], message: str) -> None:
    """It says nothing about any suite, so answers are not judged; the key is not shown."""
    for use in (lambda: _open(**environment), lambda: new_file_key("place", environment)):
        with pytest.raises(SuiteUnavailable, match=rf"^place: {message}") as caught:
            use()
        assert "SECRET" not in str(caught.value)
        assert ONE_KEY[:8] not in str(caught.value)


def test_a_key_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    """Such as somebody's other file: it is not read beyond a kilobyte, and not shown."""
    path = _key_file(tmp_path, "SECRET" * 10_000)
    with pytest.raises(SuiteUnavailable, match=f"{KEY_FILE} does not give 32 bytes") as caught:
        _open(**{KEY_FILE: path})
    assert "SECRET" not in str(caught.value)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60))
def test_any_text_is_a_key_or_a_stated_fault(text: str) -> None:
    """Nothing but an error of suites is raised, and no text of a key is in it. A name of a key of KMS is asked for."""
    if text.strip().startswith("kms:"):
        return
    try:
        new_file_key("place", {KEY: text})
    except SuiteError as error:
        assert len(text) < 8 or text not in str(error)  # noqa: PT017 - either is right


def test_another_key_is_told_by_its_id() -> None:
    """Whoever has several keys learns which one is wanted, and nothing about it."""
    assert isinstance(HEADER, GivenKey)
    with pytest.raises(SuiteInvalid, match=f"^place: is sealed with another key, '{HEADER.key_id}'; the one"):
        _open(**{KEY: ANOTHER_KEY})


def test_a_kind_of_key_is_not_taken_for_another() -> None:
    """The message says which one is wanted."""
    with pytest.raises(SuiteInvalid, match=f"is sealed with a given key, '.*', and {KEY} names KMS"):
        _open(**{KEY: "kms:alias/x"})
    with pytest.raises(SuiteUnavailable, match=rf"set {KEY} to kms: and the key's ARN, which the file says is 'arn:x'"):
        file_cipher(KmsKey("arn:x", b""), "place", {KEY: ONE_KEY})


def test_a_wrapped_key_that_changed_is_found() -> None:
    """Each of its bytes, and its length."""
    assert isinstance(HEADER, GivenKey)
    for wrapped in (HEADER.wrapped[:-1], b"", bytes([HEADER.wrapped[0] ^ 1]) + HEADER.wrapped[1:]):
        with pytest.raises(SuiteInvalid, match="was changed after it was sealed"):
            file_cipher(GivenKey(HEADER.key_id, HEADER.nonce, wrapped), "place", {KEY: ONE_KEY})
    for nonce in (b"", HEADER.nonce[::-1], b"1" * 500):
        with pytest.raises(SuiteInvalid, match="was changed after it was sealed"):
            file_cipher(GivenKey(HEADER.key_id, nonce, HEADER.wrapped), "place", {KEY: ONE_KEY})


def test_cryptography_is_an_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without it the message says how to install it. A mark in `sys.modules` stands in for an environment without."""
    with key_set():
        data = sealed_bytes(write_suites(tmp_path / "suites", s="1"))
        monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers.aead", None)
        message = r"needs cryptography; install it with: pip install 'rlvr-verifier\[seal\]'$"
        with pytest.raises(SuiteNotFound, match=message):
            contents(data)
        with pytest.raises(SuiteNotFound, match=message):
            sealed_bytes(tmp_path / "suites")
    with pytest.raises(SuiteNotFound, match=message):
        write_new_key(tmp_path / "key")


# --- who cannot get it

SEARCH = """
import glob, os
found = [name for name in os.environ if "SEAL" in name]
for path in glob.glob("/proc/[0-9]*/environ") + [f"/proc/{n}/environ" for n in (1, os.getppid(), os.getpid())]:
    try:
        with open(path, "rb") as file:
            found += [path] if b"VERIFIER_SEAL_KEY=" in file.read() else []
    except OSError:
        pass
try:
    found += ["file"] if open(KEY_FILE).read() else []
except OSError:
    pass
print(len(found))
"""


def test_a_plain_subprocess_finds_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attack, where programs are started as most graders do: variable, processes and file all give it away."""
    monkeypatch.setenv(KEY, ONE_KEY)
    assert int(run_bare(_search(tmp_path)).stdout) >= 3


@pytest.mark.parametrize(
    "options", [{}, {"require": ["floor"], "without": ["namespaces", "landlock", "seccomp"]}], ids=["all", "less"]
)
def test_a_program_does_not_find_the_key(tmp_path: Path, options: dict[str, list[str]]) -> None:
    """Invariant I2: not in its environment, in no process's, and not in the file, with more layers or fewer."""
    with Judge(**options, **{KEY: ONE_KEY}) as judge:  # type: ignore[arg-type]
        status, stdout = judge.run(_search(tmp_path))
    assert (status, stdout.strip()) == ("finished", "0")


def test_with_the_floor_alone_a_program_does_not_find_the_key(tmp_path: Path) -> None:
    """As in Lambda, where a program has the judge's user: it opens no file, and the judge's environment is closed.

    Another process of that user, outside the sandbox, finds the key of a process that is not a judge, and not the
    judge's: that the judge is not dumpable holds by itself.
    """
    if ordinary_user.missing():
        pytest.skip(ordinary_user.missing())
    prefix = ordinary_user.command()
    look = "import sys; print(b'VERIFIER_SEAL_KEY=' in open(f'/proc/{sys.argv[1]}/environ', 'rb').read())"

    def found(pid: int) -> str:
        command = [*prefix, sys.executable, "-c", look, str(pid)]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ).stdout.strip()

    with Judge(*prefix, without=OVER_THE_FLOOR, require=["floor"], **{KEY: ONE_KEY}) as judge:
        status, stdout = judge.run(_search(tmp_path))
        assert (status, stdout.strip()) == ("finished", "0")
        assert found(judge.pid) == ""
    waiting = [*prefix, sys.executable, "-c", "print(flush=True); input()"]
    with subprocess.Popen(
        waiting, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {KEY: ONE_KEY}
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert found(other.pid) == "True"
        other.communicate(b"\n")


def _search(folder: Path) -> str:
    return SEARCH.replace("KEY_FILE", repr(_key_file(folder)))
