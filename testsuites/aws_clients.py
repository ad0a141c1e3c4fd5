"""Clients of AWS's services, configured as boto3 finds it. One client may serve several threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from testsuites.aws_errors import KMS, S3, Service, told
from testsuites.errors import SuiteNotFound, SuiteUnavailable

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0

_CONNECTIONS = 64


def s3_client(place: str, permission: str) -> S3Client:
    """Return a client of S3.

    Args:
        place: what messages start with.
        permission: what it will need.

    Raises:
        SuiteNotFound: boto3 is not installed.
        SuiteUnavailable: the environment or a file of AWS's does not configure it.
    """
    client: S3Client = _client(S3, place, permission)
    return client


def kms_client(place: str, permission: str) -> KMSClient:
    """Return a client of KMS; arguments and errors as for `s3_client`."""
    client: KMSClient = _client(KMS, place, permission)
    return client


def _client(service: Service, place: str, permission: str) -> Any:
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
    with told(place, permission, service):
        try:
            return boto3.session.Session().client(service.name.lower(), config=config)  # type: ignore[call-overload]
        except ValueError:
            message = f"{place}: boto3 cannot be used; check AWS_REGION and AWS_ENDPOINT_URL_{service.name}"
            raise SuiteUnavailable(message) from None
