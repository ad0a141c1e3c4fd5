"""The key of a file of sealed suites as a data key of AWS KMS: made when suites are sealed, decrypted when opened.

Sealing needs kms:GenerateDataKey on the key, opening kms:Decrypt. The encryption context says what the data key is for,
so a role's policy can be limited to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from testsuites.aws_clients import kms_client
from testsuites.aws_errors import KMS, code_of, told
from testsuites.errors import SuiteInvalid, SuiteUnavailable
from testsuites.sealed_format import KmsKey

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CONTEXT = {"rlvr-verifier": "sealed suites"}

_MAKE = "kms:GenerateDataKey on the key"
_DECRYPT = "kms:Decrypt on the key"
_NO_KEY = {"NotFoundException", "DisabledException", "KMSInvalidStateException"}


def new_data_key(key: str, place: str) -> tuple[AESGCM, KmsKey]:
    """Have KMS make a key for a file, and return it ready to encrypt, with the header that it can be found by.

    Args:
        key: ARN of a key of KMS, or ``alias/NAME``.
        place: what messages start with.

    Raises:
        SuiteNotFound: boto3 is not installed.
        SuiteUnavailable: KMS does not give one.
    """
    from botocore.exceptions import ClientError
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    client = kms_client(place, _MAKE)
    with told(place, _MAKE, KMS):
        try:
            made = client.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=CONTEXT)
        except ClientError as error:
            _tell_if_no_key(error, place)
            raise
    return AESGCM(made["Plaintext"]), KmsKey(made["KeyId"], made["CiphertextBlob"])


def data_key(header: KmsKey, key: str, place: str) -> AESGCM:
    """Have KMS decrypt the key of a file, and return it ready to decrypt.

    Args:
        header: the file's.
        key: the key of KMS to use, and no other: a file cannot name its own.
        place: the file's, for messages.

    Raises:
        SuiteNotFound: boto3 is not installed.
        SuiteInvalid: the file was sealed with another key, or changed since.
        SuiteUnavailable: KMS does not decrypt.
    """
    from botocore.exceptions import ClientError, ParamValidationError
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    client = kms_client(place, _DECRYPT)
    with told(place, _DECRYPT, KMS):
        try:
            answer = client.decrypt(CiphertextBlob=header.wrapped, KeyId=key, EncryptionContext=CONTEXT)
            return AESGCM(answer["Plaintext"])
        except ClientError as error:
            if code_of(error) == "IncorrectKeyException":
                raise SuiteInvalid(f"{place}: is sealed with another key of KMS, {header.arn[:200]!r}") from None
            if code_of(error) == "InvalidCiphertextException":
                raise SuiteInvalid(_changed(place)) from None
            _tell_if_no_key(error, place)
            raise
        except (ParamValidationError, ValueError):  # a wrapped key that is empty, or no key of 32 bytes
            raise SuiteInvalid(_changed(place)) from None


def _changed(place: str) -> str:
    return f"{place}: KMS does not take its key: it was changed after it was sealed; copy it again, or seal again"


def _tell_if_no_key(error: ClientError, place: str) -> None:
    code = code_of(error)
    if code in _NO_KEY:
        raise SuiteUnavailable(f"{place}: KMS has no such key in use ({code}); check the ARN, and the region") from None
