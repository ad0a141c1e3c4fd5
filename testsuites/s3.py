"""Suites in Amazon S3, read only: each in the native format, below the key that its id names.

    s3://bucket/prefix                                   the store
    s3://bucket/prefix/HumanEval/0/suite.json            its suite HumanEval/0
    s3://bucket/prefix/two-sum/suite.toml, tests/a.in    its suite two-sum

A suite is read into memory; nothing is written to disk, where a program could look for it. Region, endpoint and
credentials are found as boto3 finds them. The permissions needed are s3:ListBucket on the bucket and s3:GetObject on
the objects below the prefix, and kms:Decrypt where a key of AWS KMS encrypts them.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from testsuites.cache import SuiteCache
from testsuites.calibration import CALIBRATION_FILE, Calibration, read_calibration
from testsuites.errors import SuiteInvalid, SuiteNotFound, SuiteUnavailable
from testsuites.model import AnySuite
from testsuites.native import (
    MAX_FILES,
    SUBMISSIONS_FOLDER,
    SUITE_FILES,
    TEST_SUFFIXES,
    TESTS_FOLDER,
    SuiteFiles,
    check_sizes,
    parse_suite,
)
from testsuites.s3_errors import code_of, told
from testsuites.store import check_id

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0

_PLACE = re.compile(r"s3://([A-Za-z0-9._-]{3,63})(?:/(.*))?", re.ASCII | re.DOTALL)
_LIST = "s3:ListBucket on the bucket"
_GET = "s3:GetObject on the objects, and kms:Decrypt if a KMS key encrypts them"
_GONE = {"NoSuchKey", "PreconditionFailed"}
_TRIES = 3
_AT_ONCE = 8  # objects of one suite that are fetched at the same time
_CONNECTIONS = 64
_LOCKS = 64


class _Object(NamedTuple):
    etag: str
    size: int


class _Loaded(NamedTuple):
    """What is kept of a suite: itself, and the file of its calibration, if there is one."""

    suite: AnySuite
    calibration: bytes | None


class _Unread(Exception):
    """What was listed could not be fetched as listed; holds the reason. Listing and fetching once more may do."""


class S3Store:
    """A `Store` over the objects below a prefix. A suite that changed is read again, within a minute."""

    def __init__(self, place: str, *, look_again_seconds: float = 60.0) -> None:
        """Open ``s3://bucket/prefix``, and ask once whether it may be read.

        Args:
            place: as above.
            look_again_seconds: how long a suite counts as unchanged: answers to one problem come together, and each
                question costs.

        Raises:
            SuiteNotFound: boto3 is not installed, the place is not of that form, or there is no such bucket.
            SuiteInvalid: the place is that of a single suite.
            SuiteUnavailable: it cannot be read now: no credentials, no permission, no connection or an outage.
        """
        self._bucket, prefix = _parse(place)
        self._prefix = f"{prefix}/" if prefix else ""
        self.place = f"s3://{self._bucket}/{prefix}".rstrip("/")
        self._client = _client(self.place)
        self._cache: SuiteCache[_Loaded] = SuiteCache()
        self._look_again_seconds = look_again_seconds
        self._reading = [threading.Lock() for _ in range(_LOCKS)]
        first_page = next(self._pages(f"{self._prefix}suite.", "/"))
        if any(name in SUITE_FILES for name in self._names([first_page])):
            raise SuiteInvalid(f"{self.place}: this is one suite's own place; give the place above it")

    def ids(self) -> Iterator[str]:
        """Yield the id of every suite, sorted. Lists every key below the prefix, 1,000 to a request.

        Raises:
            SuiteInvalid: a key that ends like a suite's has a path that cannot be an id.
            SuiteUnavailable: as for `load`.
        """
        for suite_id in sorted(_folders_of_suites(self._names(self._pages(self._prefix)))):
            try:
                check_id(suite_id)
            except SuiteInvalid:
                raise SuiteInvalid(
                    f"{self.place}/{suite_id}: the path of a suite below its store is its id: letters, digits, '.', "
                    "'_' and '-' only; rename it"
                ) from None
            yield suite_id

    def load(self, suite_id: str) -> AnySuite:
        """Return one suite.

        Raises:
            SuiteNotFound: there is none of that id; the message names close ones.
            SuiteInvalid: it breaks a rule, or the id is not one.
            SuiteUnavailable: S3 cannot be asked, or denies access. Whether there is such a suite is not known.
        """
        return self._load(suite_id).suite

    def calibration(self, suite_id: str) -> Calibration | None:
        """Return the record kept beside a suite, if there is one. No request is sent where the suite was just loaded.

        Raises:
            SuiteNotFound, SuiteUnavailable: as for `load`.
            SuiteInvalid: as for `load`, or the record cannot be read.
        """
        data = self._load(suite_id).calibration
        return None if data is None else read_calibration(data, f"{self.place}/{suite_id}/{CALIBRATION_FILE}")

    def _load(self, suite_id: str) -> _Loaded:
        """Return a suite that was seen lately, or look for it."""
        check_id(suite_id)
        with self._reading[hash(suite_id) % _LOCKS]:  # several threads that want one suite ask once, and hold it once
            recent = self._cache.recent(suite_id, self._look_again_seconds)
            return self._look(suite_id) if recent is None else recent

    def _look(self, suite_id: str) -> _Loaded:
        """Ask S3 for a suite, and read it if it changed."""
        reason = ""
        for _ in range(_TRIES):
            objects = self._objects(suite_id)
            loaded = self._cache.get(suite_id, objects)
            if loaded is not None:
                return loaded
            try:
                return self._read(suite_id, objects)
            except _Unread as error:
                reason = str(error)
        raise SuiteUnavailable(f"{self.place}/{suite_id}: {reason}, {_TRIES} times; try again")

    def _read(self, suite_id: str, objects: dict[str, _Object]) -> _Loaded:
        """Read a suite as it was listed, and keep it."""
        place = f"{self.place}/{suite_id}"
        sizes = {name: item.size for name, item in objects.items()}
        check_sizes(place, sizes)
        contents = self._contents(suite_id, objects)
        calibration = contents.pop(CALIBRATION_FILE, None)
        suite = parse_suite(SuiteFiles(place, contents.keys(), contents.__getitem__), suite_id)
        loaded = _Loaded(suite, calibration)
        self._cache.keep(suite_id, objects, loaded, size=sum(sizes.values()))
        return loaded

    def _objects(self, suite_id: str) -> dict[str, _Object]:
        """List the objects that a suite consists of, by their names in `SuiteFiles`, and that of its calibration."""
        root = f"{self._prefix}{suite_id}/"
        beside, folders = self._listed(root, below=root)
        objects = {name: beside[name] for name in SUITE_FILES if name in beside}
        if not objects:
            raise SuiteNotFound(self._no_suite(suite_id))
        objects |= {name: beside[name] for name in (CALIBRATION_FILE,) if name in beside}
        if f"{TESTS_FOLDER}/" in folders:
            tests, _ = self._listed(f"{root}{TESTS_FOLDER}/", below=root)
            objects |= {name: item for name, item in tests.items() if PurePosixPath(name).suffix in TEST_SUFFIXES}
        return objects

    def _contents(self, suite_id: str, objects: dict[str, _Object]) -> dict[str, bytes]:
        root = f"{self._prefix}{suite_id}/"
        with ThreadPoolExecutor(min(_AT_ONCE, len(objects))) as threads:
            fetched = threads.map(lambda name: self._get(root + name, objects[name].etag), objects)
            return dict(zip(objects, fetched, strict=True))

    def _get(self, key: str, etag: str) -> bytes:
        """Return what an object holds, if it is still the one that was listed.

        Raises:
            _Unread: it is not, or the answer broke off, which botocore does not retry.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        with told(f"s3://{self._bucket}/{key}", _GET):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=key, IfMatch=etag)
            except ClientError as error:
                if code_of(error) in _GONE:
                    raise _Unread("it changed while it was read") from None
                raise
        with closing(answer["Body"]) as body:
            try:
                content: bytes = body.read()
            except BotoCoreError as error:
                raise _Unread(f"S3 broke off an answer ({type(error).__name__})") from None
        return content

    def _listed(self, folder: str, *, below: str) -> tuple[dict[str, _Object], set[str]]:
        """List the objects and the folders that are directly in a folder, by their names below another."""
        objects: dict[str, _Object] = {}
        folders: set[str] = set()
        for page in self._pages(folder, "/"):
            found = page.get("Contents", ())
            objects |= {item["Key"].removeprefix(below): _Object(item["ETag"], item["Size"]) for item in found}
            folders |= {item["Prefix"].removeprefix(below) for item in page.get("CommonPrefixes", ())}
            if len(objects) > MAX_FILES:  # which `check_sizes` refuses
                break
        return objects, folders

    def _pages(self, prefix: str, delimiter: str = "") -> Iterator[ListObjectsV2OutputTypeDef]:
        with told(self.place, _LIST):
            yield from self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix, Delimiter=delimiter
            )

    def _names(self, pages: Iterable[ListObjectsV2OutputTypeDef]) -> Iterator[str]:
        for page in pages:
            for item in page.get("Contents", ()):
                yield item["Key"].removeprefix(self._prefix)

    def _no_suite(self, suite_id: str) -> str:
        """Say that a suite is not there. Asks S3 once: a message is not worth the listing of a large store."""
        import difflib  # 18 ms that a suite that is there does not cost

        page = next(self._pages(self._prefix))
        known = sorted(_folders_of_suites(self._names([page])))
        close = difflib.get_close_matches(suite_id, known, n=3)
        among = "" if page["IsTruncated"] else f"among the {len(known)} "
        hint = f"; did you mean {' or '.join(close)}?" if close else ""
        return f"{self.place}: no suite {suite_id} {among}there{hint}"


def _parse(place: str) -> tuple[str, str]:
    """Return bucket and prefix, the latter without slashes around it.

    Raises:
        SuiteNotFound: the place has another form.
    """
    match = _PLACE.fullmatch(place)
    prefix = (match[2] or "").rstrip("/") if match else ""
    if match is None or (prefix and not all(part.strip(".") for part in prefix.split("/"))):
        raise SuiteNotFound(f"{place}: not the place of a store in S3; write s3://bucket/prefix or s3://bucket")
    return match[1], prefix


def _client(place: str) -> S3Client:
    """Return a client of S3; one may serve several threads.

    Raises:
        SuiteNotFound: boto3 is not installed.
        SuiteUnavailable: the environment or a file of AWS's does not configure it.
    """
    try:
        import boto3.session
        from botocore.config import Config
    except ModuleNotFoundError:
        raise SuiteNotFound(f"{place}: needs boto3; install it with: pip install 'rlvr-verifier[aws]'") from None
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard"},  # three attempts, or AWS_MAX_ATTEMPTS
        max_pool_connections=_CONNECTIONS,
    )
    with told(place, _LIST):
        try:
            return boto3.session.Session().client("s3", config=config)
        except ValueError:
            raise SuiteUnavailable(f"{place}: boto3 cannot be used; check AWS_REGION and AWS_ENDPOINT_URL_S3") from None


def _folders_of_suites(names: Iterable[str]) -> set[str]:
    """Return the folders that hold a suite, given the names of all files. A suite's own files hold no other suite."""
    folders = {name.rpartition("/")[0] for name in names if name.rpartition("/")[2] in SUITE_FILES}

    def is_a_suites_own(folder: str) -> bool:
        parts = folder.split("/")
        own = (number for number, part in enumerate(parts) if part in (TESTS_FOLDER, SUBMISSIONS_FOLDER))
        return any("/".join(parts[:number]) in folders for number in own)

    return {folder for folder in folders if not is_a_suites_own(folder)}
