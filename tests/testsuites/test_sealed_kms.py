"""testsuites.sealed_kms: the key of sealed suites in AWS KMS, by a real server of its interface (moto's)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.testsuites.s3_server import S3Server, answering, reply, s3_server, settings_for
from tests.testsuites.sealing import ONE_KEY, contents, opened, sealed_bytes, write_suites
from testsuites import sealed_kms
from testsuites.errors import SuiteInvalid, SuiteNotFound, SuiteUnavailable
from testsuites.sealed_format import FIXED, KmsKey
from testsuites.sealed_keys import KEY, new_file_key

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    """Run a server."""
    with s3_server() as server, pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_PROFILE", raising=False)
        patch.delenv("AWS_SESSION_TOKEN", raising=False)
        for name, value in settings_for(server.url).items():
            patch.setenv(name, value)
        patch.setenv("AWS_ENDPOINT_URL_KMS", server.url)
        yield server


@pytest.fixture(scope="module")
def kms(server: S3Server) -> KMSClient:
    """Return a client that may do everything."""
    client: KMSClient = server._client("kms")
    return client


@pytest.fixture(scope="module")
def arn(kms: KMSClient) -> str:
    """Make a key."""
    return kms.create_key()["KeyMetadata"]["Arn"]


@pytest.fixture
def data(arn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Seal a suite with it; the key stays set."""
    monkeypatch.setenv(KEY, f"kms:{arn}")
    return sealed_bytes(write_suites(tmp_path / "suites", s="1"))


def _header(data: bytes) -> KmsKey:
    return msgspec.json.decode(data[FIXED.size : FIXED.size + FIXED.unpack(data[: FIXED.size])[2]], type=KmsKey)


def test_what_kms_sealed_it_opens(data: bytes, arn: str) -> None:
    """The file names the key, and holds the key of the file as KMS encrypted it."""
    assert list(opened(data).ids) == ["s"]
    assert b'stdout = "1"' in contents(data)["s"]["suite.toml"]
    assert _header(data).arn == arn


def test_an_alias_will_do(kms: KMSClient, arn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file names the key that it stands for."""
    kms.create_alias(AliasName="alias/suites", TargetKeyId=arn)
    monkeypatch.setenv(KEY, "kms:alias/suites")
    data = sealed_bytes(write_suites(tmp_path / "suites", s="1"))
    assert _header(data).arn == arn
    assert list(opened(data).ids) == ["s"]


def test_each_file_has_a_key_of_its_own(data: bytes, tmp_path: Path) -> None:
    """Sealed twice, the same suites have nothing in common but the key's name."""
    assert _header(sealed_bytes(tmp_path / "suites")).wrapped != _header(data).wrapped


def test_the_key_is_for_sealed_suites_only(kms: KMSClient, data: bytes, arn: str) -> None:
    """The encryption context, by which a policy can limit a role, is checked by KMS."""
    answer = kms.decrypt(CiphertextBlob=_header(data).wrapped, EncryptionContext=sealed_kms.CONTEXT)
    assert answer["KeyId"] == arn
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        kms.decrypt(CiphertextBlob=_header(data).wrapped)


def test_another_key_is_not_used(
    kms: KMSClient, data: bytes, arn: str, server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file cannot name its own: whoever puts another in its place must have sealed it with the key that is set.

    A server of our own answers as KMS is documented to: moto refuses another key too, and calls that denied access.
    """
    asked: list[bytes] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.rfile.read(int(handler.headers["Content-Length"])))
        reply(handler, 400, '{"__type": "IncorrectKeyException", "message": "HIDDEN"}')

    with answering(answer) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", url)
        monkeypatch.setenv(KEY, "kms:alias/mine")
        with pytest.raises(SuiteInvalid, match=f"^place: is sealed with another key of KMS, '{arn}'$"):
            opened(data)
    (request,) = asked
    assert b'"KeyId": "alias/mine"' in request
    assert arn.encode() not in request


def test_a_wrapped_key_that_changed_is_found(data: bytes) -> None:
    """KMS does not decrypt it, or what it decrypts opens nothing."""
    wrapped = msgspec.json.encode(_header(data).wrapped).strip(b'"')
    for other in (wrapped[:-12] + b"AAAAAAAAAAAA", wrapped[:60] + b"AAAAAAAA" + wrapped[68:]):
        with pytest.raises(SuiteInvalid, match=r"^place: .*changed"):
            opened(data.replace(wrapped, other))


def test_a_wrapped_key_that_is_empty_is_refused(arn: str, data: bytes) -> None:
    """It is not sent."""
    with pytest.raises(SuiteInvalid, match="KMS does not take its key: it was changed after it was sealed"):
        sealed_kms.data_key(KmsKey(arn, b""), arn, "place")


@pytest.mark.parametrize("name", ["arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000", "no"])
def test_a_key_that_is_not_there_is_told(data: bytes, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says nothing about any suite."""
    monkeypatch.setenv(KEY, f"kms:{name}")
    with pytest.raises(SuiteUnavailable, match=r"KMS has no such key in use \(NotFoundException\); check the ARN, and"):
        new_file_key("place")


@pytest.mark.parametrize("code", ["DisabledException", "KMSInvalidStateException"])
def test_a_key_that_is_disabled_is_told(data: bytes, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does that. A server of our own answers as KMS does, since moto's fails to disable a key."""
    body = f'{{"__type": "{code}", "message": "HIDDEN"}}'
    with answering(lambda handler: reply(handler, 400, body)) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", url)
        for use in (lambda: new_file_key("place"), lambda: opened(data)):
            with pytest.raises(
                SuiteUnavailable, match=rf"KMS has no such key in use \({code}\); check the ARN"
            ) as caught:
                use()
            assert "HIDDEN" not in str(caught.value)


def test_the_permissions_are_asked_for_by_name(server: S3Server, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealing needs one, opening another."""
    with server.as_user("kms:Decrypt") as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        assert list(opened(data).ids) == ["s"]
        with pytest.raises(SuiteUnavailable, match=r"denies access \(\w+\); .* kms:GenerateDataKey on the"):
            new_file_key("place")
    with server.as_user("kms:GenerateDataKey") as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        new_file_key("place")
        with pytest.raises(SuiteUnavailable, match=r"denies access \(\w+\); .* kms:Decrypt on the key$"):
            opened(data)


def test_an_outage_is_told(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant I7: whether the suite is right, nobody knows. Nobody listens there."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(SuiteUnavailable, match=r"KMS cannot be reached \(EndpointConnectionError\).* interface"):
        opened(data)


def test_boto3_is_an_extra(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the message says how to install it. A mark in `sys.modules` stands in for an environment without."""
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.delitem(sys.modules, "boto3.session", raising=False)
    with pytest.raises(SuiteNotFound, match=r"needs boto3; install it with: pip install 'rlvr-verifier\[aws\]'$"):
        opened(data)


def test_a_file_of_a_given_key_is_not_taken_to_kms(
    tmp_path: Path, server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says which key it was sealed with."""
    monkeypatch.setenv(KEY, ONE_KEY)
    data = sealed_bytes(write_suites(tmp_path / "suites", s="1"))
    monkeypatch.setenv(KEY, "kms:alias/x")
    with pytest.raises(SuiteInvalid, match="is sealed with a given key"):
        opened(data)
