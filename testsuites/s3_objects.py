"""Objects in Amazon S3, read into memory: parts of a suite, or a whole store in one file."""

from __future__ import annotations

import re
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

from testsuites.aws_clients import s3_client
from testsuites.aws_errors import code_of, told
from testsuites.errors import SuiteInvalid, SuiteNotFound, SuiteUnavailable
from testsuites.one_file import InMemory, Opened

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LIST = "s3:ListBucket on the bucket"
GET = "s3:GetObject on the objects, and kms:Decrypt if a KMS key encrypts them"
TRIES = 3
MAX_OBJECT_BYTES = 1024 * 1024 * 1024
"""Of a store in one file, which is kept in memory whole."""

_PLACE = re.compile(r"s3://([A-Za-z0-9._-]{3,63})(?:/(.*))?", re.ASCII | re.DOTALL)
_GONE = {"NoSuchKey", "PreconditionFailed"}


class Unread(Exception):
    """What was seen could not be fetched as seen; holds the reason. Looking and fetching once more may do."""


class S3Object:
    """One object, as a file (`testsuites.one_file.OneFile`)."""

    def __init__(self, place: str, *, look_again_seconds: float = 60.0) -> None:
        """Name an object, ``s3://bucket/key``.

        Args:
            place: as above.
            look_again_seconds: how long it counts as unchanged: each question costs.

        Raises:
            SuiteNotFound: boto3 is not installed, or the place is not of that form.
            SuiteUnavailable: boto3 is not configured.
        """
        self._bucket, self._key = bucket_and_key(place)
        self.place = f"s3://{self._bucket}/{self._key}"
        self._client = s3_client(self.place, GET)
        self._look_again_seconds = look_again_seconds
        self._lock = threading.Lock()
        self._seen: tuple[str, float] | None = None

    def version(self) -> object:
        """Return its ETag, asked for once in a while (`testsuites.one_file.OneFile.version`)."""
        with self._lock:
            if self._seen is None or time.monotonic() >= self._seen[1] + self._look_again_seconds:
                return self._look()[0]
            return self._seen[0]

    def open(self) -> Opened:
        """Read it into memory, in one version (`testsuites.one_file.OneFile.open`).

        Raises:
            SuiteNotFound, SuiteUnavailable: as for `version`.
            SuiteInvalid: it is larger than `MAX_OBJECT_BYTES`.
        """
        reason = ""
        for _ in range(TRIES):
            with self._lock:
                etag, size = self._look()
            if size > MAX_OBJECT_BYTES:
                raise SuiteInvalid(
                    f"{self.place}: larger than {MAX_OBJECT_BYTES // 1024**2} MiB, which are kept in memory; split it, "
                    "or upload the folder: s3://bucket/prefix"
                )
            try:
                return Opened(etag, InMemory(fetch(self._client, self._bucket, self._key, etag)))
            except Unread as error:
                reason = str(error)
        raise SuiteUnavailable(f"{self.place}: {reason}, {TRIES} times; try again")

    def _look(self) -> tuple[str, int]:
        """Ask for ETag and size, and remember when."""
        with told(self.place, GET):
            answer = self._client.head_object(Bucket=self._bucket, Key=self._key)
        self._seen = answer["ETag"], time.monotonic()
        return answer["ETag"], answer["ContentLength"]


def fetch(client: S3Client, bucket: str, key: str, etag: str) -> bytes:
    """Return what an object holds, if it is still the one that was seen.

    Raises:
        Unread: it is not, or the answer broke off, which botocore does not retry.
        SuiteUnavailable: S3 cannot be asked, or denies access.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    with told(f"s3://{bucket}/{key}", GET):
        try:
            answer = client.get_object(Bucket=bucket, Key=key, IfMatch=etag)
        except ClientError as error:
            if code_of(error) in _GONE:
                raise Unread("it changed while it was read") from None
            raise
    with closing(answer["Body"]) as body:
        try:
            content: bytes = body.read()
        except BotoCoreError as error:
            raise Unread(f"S3 broke off an answer ({type(error).__name__})") from None
    return content


def bucket_and_key(place: str) -> tuple[str, str]:
    """Return the bucket and the key, or the prefix, of a place: the latter without slashes around it.

    Raises:
        SuiteNotFound: the place has another form.
    """
    match = _PLACE.fullmatch(place)
    prefix = (match[2] or "").rstrip("/") if match else ""
    if match is None or (prefix and not all(part.strip(".") for part in prefix.split("/"))):
        raise SuiteNotFound(f"{place}: not the place of a store in S3; write s3://bucket/prefix or s3://bucket")
    return match[1], prefix
