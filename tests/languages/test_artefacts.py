"""What is taken out of a build's folder, and how that is watched."""

from __future__ import annotations

import io
import os
import socket
import tempfile
import zipfile
from pathlib import Path
from unittest import mock

import pytest

from sandbox import SandboxUnavailable
from sandbox.local import artefacts, build_folder
from sandbox.local.artefacts import NotTaken, taken


def test_a_file_is_taken_as_it_is(tmp_path: Path) -> None:
    """Up to so many bytes."""
    (tmp_path / "made").write_bytes(b"x" * 10)
    assert taken(tmp_path / "made", os.getuid()) == b"x" * 10
    with mock.patch.object(artefacts, "MAX_BYTES", 9), pytest.raises(NotTaken, match="too big"):
        taken(tmp_path / "made", os.getuid())


def test_a_folder_is_taken_as_an_archive(tmp_path: Path) -> None:
    """The same files make the same archive, whenever they were made."""
    for name in ("b/deep.class", "a.class"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    first = taken(tmp_path, os.getuid())
    os.utime(tmp_path / "a.class", (1, 1))
    assert taken(tmp_path, os.getuid()) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {
            "a.class": "a.class",
            "b/deep.class": "b/deep.class",
        }
    with mock.patch.object(artefacts, "MAX_BYTES", 15), pytest.raises(NotTaken, match="too big"):
        taken(tmp_path, os.getuid())


def _link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def _other_name(path: Path) -> None:
    (path.parent / "secret").write_text("hidden")
    path.hardlink_to(path.parent / "secret")


def _of_somebody_else(path: Path) -> None:
    path.write_text("hidden")
    if os.getuid() != 0:
        pytest.skip("needs root")
    os.chown(path, 64999, 64999)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


@pytest.mark.parametrize("make", [_link, _other_name, _of_somebody_else, os.mkfifo, _socket])
@pytest.mark.parametrize("place", ["alone", "in a folder"])
def test_nothing_else_is_taken(tmp_path: Path, make: object, place: str) -> None:
    """No link is followed, no pipe is waited for, and a second name may be that of anything."""
    path = tmp_path / "made" if place == "alone" else tmp_path / "made" / "file"
    path.parent.mkdir(exist_ok=True)
    make(path)  # type: ignore[operator]
    with pytest.raises(NotTaken, match="no program"):
        taken(tmp_path / "made", os.getuid())


def test_a_device_is_not_taken() -> None:
    """Reading one may never end."""
    with pytest.raises(NotTaken, match="no program"):
        taken(Path("/dev/zero"), 0)


def test_a_folder_is_full_by_bytes_or_names(tmp_path: Path) -> None:
    """At any depth; what has holes counts for what it takes; a link counts for itself."""
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    with (deep / "holes").open("wb") as file:
        file.truncate(10 * build_folder.MAX_BYTES)
    (deep / "out").symlink_to("/")
    assert not build_folder.is_full(tmp_path)
    with mock.patch.object(build_folder, "MAX_NAMES", 3):
        assert build_folder.is_full(tmp_path)
    (deep / "file").write_bytes(b"x" * 100_000)
    with mock.patch.object(build_folder, "MAX_BYTES", 90_000):
        assert build_folder.is_full(tmp_path)
    assert not build_folder.is_full(tmp_path / "gone")


def test_a_judge_that_cannot_give_a_folder_says_so() -> None:
    """Root without its capabilities, as in some containers."""
    refused = mock.Mock(side_effect=PermissionError)
    with (
        mock.patch.object(os, "chown", refused),
        pytest.raises(SandboxUnavailable, match="CHOWN, DAC_OVERRIDE and FOWNER"),
        build_folder.build_folder(64999) as folder,
    ):
        raise AssertionError(folder)
    assert not list(Path(tempfile.gettempdir()).glob(f"rlvr-build-{os.getpid()}*"))
