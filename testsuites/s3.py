"""Suites in Amazon S3, read only: each in the native format, below the key that its id names.

    s3://bucket/prefix                                   the store
    s3://bucket/prefix/HumanEval/0/suite.json            its suite HumanEval/0
    s3://bucket/prefix/two-sum/suite.toml, tests/a.in    its suite two-sum

A suite is read into memory; nothing is written to disk, where a program could look for it. Region, endpoint and
credentials are found as boto3 finds them. The permissions needed are s3:ListBucket on the bucket and s3:GetObject on
the objects below the prefix, and kms:Decrypt where a key of AWS KMS encrypts them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from testsuites.aws_clients import s3_client
from testsuites.aws_errors import told
from testsuites.cache import SuiteCache
from testsuites.calibration import CALIBRATION_FILE, Calibration
from testsuites.errors import SuiteInvalid, SuiteNotFound, SuiteUnavailable
from testsuites.layout import folders_of_suites, is_beside, not_there, sorted_ids
from testsuites.loading import Loaded, loaded
from testsuites.model import AnySuite
from testsuites.native import (
    JUDGE_FILES,
    MAX_FILES,
    SUBMISSIONS_FOLDER,
    SUITE_FILES,
    TEST_SUFFIXES,
    TESTS_FOLDER,
    check_sizes,
)
from testsuites.s3_objects import LIST, TRIES, Unread, bucket_and_key, fetch
from testsuites.store import check_id

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef

_AT_ONCE = 8  # objects of one suite that are fetched at the same time
_LOCKS = 64


class _Object(NamedTuple):
    etag: str
    size: int


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
        self._bucket, prefix = bucket_and_key(place)
        self._prefix = f"{prefix}/" if prefix else ""
        self.place = f"s3://{self._bucket}/{prefix}".rstrip("/")
        self._client = s3_client(self.place, LIST)
        self._cache: SuiteCache[Loaded] = SuiteCache()
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
        yield from sorted_ids(self.place, folders_of_suites(self._names(self._pages(self._prefix))))

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
        return self._load(suite_id).calibration()

    def beside(self, suite_id: str) -> dict[str, bytes]:
        """Return the contents, by name, of what lies beside a suite. Read anew each time: grading asks for none of it.

        Raises:
            SuiteNotFound, SuiteInvalid, SuiteUnavailable: as for `load`.
        """
        self._load(suite_id)
        place, reason = f"{self.place}/{suite_id}", ""
        for _ in range(TRIES):
            objects = self._objects_beside(suite_id)
            check_sizes(place, {name: item.size for name, item in objects.items()})
            try:
                return self._contents(suite_id, objects)
            except Unread as error:
                reason = str(error)
        raise SuiteUnavailable(f"{place}: {reason}, {TRIES} times; try again")

    def _load(self, suite_id: str) -> Loaded:
        """Return a suite that was seen lately, or look for it."""
        check_id(suite_id)
        with self._reading[hash(suite_id) % _LOCKS]:  # several threads that want one suite ask once, and hold it once
            recent = self._cache.recent(suite_id, self._look_again_seconds)
            return self._look(suite_id) if recent is None else recent

    def _look(self, suite_id: str) -> Loaded:
        """Ask S3 for a suite, and read it if it changed."""
        reason = ""
        for _ in range(TRIES):
            objects = self._objects(suite_id)
            kept = self._cache.get(suite_id, objects)
            if kept is not None:
                return kept
            try:
                return self._read(suite_id, objects)
            except Unread as error:
                reason = str(error)
        raise SuiteUnavailable(f"{self.place}/{suite_id}: {reason}, {TRIES} times; try again")

    def _read(self, suite_id: str, objects: dict[str, _Object]) -> Loaded:
        """Read a suite as it was listed, and keep it."""
        place = f"{self.place}/{suite_id}"
        sizes = {name: item.size for name, item in objects.items()}
        check_sizes(place, sizes)
        found = loaded(self.place, suite_id, self._contents(suite_id, objects))
        self._cache.keep(suite_id, objects, found, size=sum(sizes.values()))
        return found

    def _objects(self, suite_id: str) -> dict[str, _Object]:
        """List the objects that a suite consists of, by their names in `SuiteFiles`, and that of its calibration."""
        root = f"{self._prefix}{suite_id}/"
        beside, folders = self._listed(root, below=root)
        objects = {name: beside[name] for name in SUITE_FILES if name in beside}
        if not objects:
            raise SuiteNotFound(self._no_suite(suite_id))
        objects |= {name: beside[name] for name in (*JUDGE_FILES, CALIBRATION_FILE) if name in beside}
        if f"{TESTS_FOLDER}/" in folders:
            tests, _ = self._listed(f"{root}{TESTS_FOLDER}/", below=root)
            objects |= {name: item for name, item in tests.items() if PurePosixPath(name).suffix in TEST_SUFFIXES}
        return objects

    def _objects_beside(self, suite_id: str) -> dict[str, _Object]:
        """List the objects that lie beside a suite, by their names below its folder."""
        root = f"{self._prefix}{suite_id}/"
        objects, folders = self._listed(root, below=root)
        if f"{SUBMISSIONS_FOLDER}/" in folders:
            _, labels = self._listed(f"{root}{SUBMISSIONS_FOLDER}/", below=root)
            for label in labels:
                objects |= self._listed(f"{root}{label}", below=root)[0]
        return {name: item for name, item in objects.items() if is_beside(name)}

    def _contents(self, suite_id: str, objects: dict[str, _Object]) -> dict[str, bytes]:
        root = f"{self._prefix}{suite_id}/"
        with ThreadPoolExecutor(min(_AT_ONCE, len(objects) or 1)) as threads:
            fetched = threads.map(
                lambda name: fetch(self._client, self._bucket, root + name, objects[name].etag), objects
            )
            return dict(zip(objects, fetched, strict=True))

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
        with told(self.place, LIST):
            yield from self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix, Delimiter=delimiter
            )

    def _names(self, pages: Iterable[ListObjectsV2OutputTypeDef]) -> Iterator[str]:
        for page in pages:
            for item in page.get("Contents", ()):
                yield item["Key"].removeprefix(self._prefix)

    def _no_suite(self, suite_id: str) -> str:
        """Say that a suite is not there. Asks S3 once: a message is not worth the listing of a large store."""
        page = next(self._pages(self._prefix))
        known = sorted(folders_of_suites(self._names([page])))
        return not_there(self.place, suite_id, known, are_all=not page["IsTruncated"])
