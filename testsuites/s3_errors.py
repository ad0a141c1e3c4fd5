"""What S3 and boto3 may raise, told as errors of suites: what to do next, and no word of what an object holds.

Only a missing bucket means that something is not there. All else, from missing permission to an outage, leaves open
whether there is such a suite: `SuiteUnavailable`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

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
_ARCHIVED = "InvalidObjectState"
_THROTTLED = {"RequestLimitExceeded", "RequestTimeout", "SlowDown", "Throttling", "ThrottlingException"}

_CREDENTIALS = "give the function a role, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_NOT_THE_SUITE = "this says nothing about the suite, so try again"


@contextmanager
def told(place: str, permission: str) -> Iterator[None]:
    """Turn what botocore raises in the block into errors of suites.

    Args:
        place: what the message starts with.
        permission: what the block needs, for the message when that is denied.

    Raises:
        SuiteNotFound: there is no such bucket.
        SuiteUnavailable: anything else that botocore raised.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        raise _of_an_answer(error, place, permission) from None
    except BotoCoreError as error:
        raise SuiteUnavailable(f"{place}: {_without_answer(error)}") from None


def code_of(error: ClientError) -> str:
    """Return the word for what went wrong, such as NoSuchKey."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code if re.fullmatch(r"\w{1,60}", code, re.ASCII) else "unknown error"


def _of_an_answer(error: ClientError, place: str, permission: str) -> SuiteError:
    code, status = code_of(error), error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "NoSuchBucket":
        return SuiteNotFound(f"{place}: there is no such bucket; check the name, and in which account it is")
    if code in _BAD_CREDENTIALS:
        reason = f"AWS does not accept the credentials ({code}); renew them, or {_CREDENTIALS}"
    elif code == _ARCHIVED:
        reason = "an object is archived; restore it, or copy it to a storage class that can be read at once"
    elif code in _THROTTLED or status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        reason = f"S3 is overloaded or out of order ({code}), also after retries; {_NOT_THE_SUITE}"
    elif status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        reason = f"AWS denies access ({code}); give this role or user the permission {permission}"
    else:
        reason = f"S3 refuses the request ({code}, HTTP {status}); check the bucket, its region and AWS_ENDPOINT_URL_S3"
    return SuiteUnavailable(f"{place}: {reason}")


def _without_answer(error: Exception) -> str:
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
            f"S3 cannot be reached ({name}), also after retries; {_NOT_THE_SUITE}; if it stays so, check the network "
            "(a VPC without egress needs a gateway endpoint for S3), the region and AWS_ENDPOINT_URL_S3"
        )
    return f"boto3 cannot ask S3 ({name}); check credentials, AWS_REGION, AWS_ENDPOINT_URL_S3 and AWS's files"
