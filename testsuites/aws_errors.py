"""What AWS and boto3 may raise, told as errors of suites: what to do next, and no word of what an object holds.

Only a missing bucket or object means that something is not there. All else, from missing permission to an outage,
leaves open whether there is such a suite: `SuiteUnavailable`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from testsuites.errors import SuiteError, SuiteNotFound, SuiteUnavailable

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

# docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_BAD_CREDENTIALS = {
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidToken",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
}
_NO_OBJECT = {"NoSuchKey", "404"}  # 404: the answer to HEAD has no body, and so no code
_DENIED = {"AccessDenied", "AccessDeniedException"}  # KMS answers with HTTP status 400
_ARCHIVED = "InvalidObjectState"
_THROTTLED = {"RequestLimitExceeded", "RequestTimeout", "SlowDown", "Throttling", "ThrottlingException"}


class Service(NamedTuple):
    """A service of AWS's, in the words of messages.

    Attributes:
        name: what it is called.
        thing: what a request names.
        endpoint: what reaches it from a network without a way out.
    """

    name: str
    thing: str
    endpoint: str


S3 = Service("S3", "bucket", "a gateway endpoint for S3")
KMS = Service("KMS", "key", "an interface endpoint for KMS")

_CREDENTIALS = "give the function a role, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_NOT_THE_SUITE = "this says nothing about the suite, so try again"


@contextmanager
def told(place: str, permission: str, service: Service = S3) -> Iterator[None]:
    """Turn what botocore raises in the block into errors of suites.

    Args:
        place: what the message starts with.
        permission: what the block needs, for the message when that is denied.
        service: what the block asks.

    Raises:
        SuiteNotFound: there is no such bucket or object.
        SuiteUnavailable: anything else that botocore raised.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        raise _of_an_answer(error, place, permission, service) from None
    except BotoCoreError as error:
        raise SuiteUnavailable(f"{place}: {_without_answer(error, service)}") from None


def code_of(error: ClientError) -> str:
    """Return the word for what went wrong, such as NoSuchKey."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code if re.fullmatch(r"\w{1,60}", code, re.ASCII) else "unknown error"


def _of_an_answer(error: ClientError, place: str, permission: str, service: Service) -> SuiteError:
    code, status = code_of(error), error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "NoSuchBucket":
        return SuiteNotFound(f"{place}: there is no such bucket; check the name, and in which account it is")
    if code in _NO_OBJECT:
        return SuiteNotFound(f"{place}: there is no such object; check the name")
    if code in _BAD_CREDENTIALS:
        reason = f"AWS does not accept the credentials ({code}); renew them, or {_CREDENTIALS}"
    elif code == _ARCHIVED:
        reason = "an object is archived; restore it, or copy it to a storage class that can be read at once"
    elif code in _THROTTLED or status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        reason = f"{service.name} is overloaded or out of order ({code}), also after retries; {_NOT_THE_SUITE}"
    elif status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) or code in _DENIED:
        reason = f"AWS denies access ({code}); give this role or user the permission {permission}"
    else:
        reason = (
            f"{service.name} refuses the request ({code}, HTTP {status}); check the {service.thing}, its region and "
            f"AWS_ENDPOINT_URL_{service.name}"
        )
    return SuiteUnavailable(f"{place}: {reason}")


def _without_answer(error: Exception, service: Service) -> str:
    """Say what to do about an error that came before an answer, or in the middle of one."""
    from botocore import exceptions

    name = type(error).__name__
    if isinstance(
        error,
        exceptions.NoCredentialsError
        | exceptions.PartialCredentialsError
        | exceptions.CredentialRetrievalError
        | exceptions.TokenRetrievalError
        | exceptions.SSOError
        | exceptions.ProfileNotFound,
    ):
        return f"there are no usable AWS credentials ({name}); {_CREDENTIALS}"
    if isinstance(error, exceptions.ConnectionError | exceptions.HTTPClientError):
        return (
            f"{service.name} cannot be reached ({name}), also after retries; {_NOT_THE_SUITE}; if it stays so, check "
            f"the network (a VPC without egress needs {service.endpoint}), the region and "
            f"AWS_ENDPOINT_URL_{service.name}"
        )
    return (
        f"boto3 cannot ask {service.name} ({name}); check credentials, AWS_REGION, AWS_ENDPOINT_URL_{service.name} and "
        "AWS's files"
    )
