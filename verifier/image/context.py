"""What an engine is sent for a build: an archive that is the same byte for byte when its files are."""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO


def pack(files: Mapping[str, Path | bytes]) -> IO[bytes]:
    """Return a tar archive of files under the names given: sorted, owned by root, without times, readable by all.

    It is a file on disk that goes when it is closed.

    Raises:
        OSError: a file cannot be read, or the disk is full.
    """
    archive = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name in sorted(files):
            content = files[name]
            data = content if isinstance(content, bytes) else content.read_bytes()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            member.mode = 0o644
            tar.addfile(member, io.BytesIO(data))
    archive.seek(0)
    return archive
