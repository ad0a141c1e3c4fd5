"""Amazon Bedrock's Converse API, called through boto3; and whose doing it is when a call fails.

botocore waits and tries again where Bedrock throttles or fails, and sends less from then on (its mode ``adaptive``).

Facts: Converse in the API reference of Amazon Bedrock, and "Retries" in boto3's guide.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from verifier.components.ai_feedback import AIFeedback
from verifier.components.base import ComponentFault
from verifier.feedback.errors import Unusable

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient

_CONNECT_SECONDS = 5.0
_MOST_CONNECTIONS = 256  # no fewer than there can be workers

_OF_THE_REQUEST = ("ValidationException", "ModelErrorException")
"""A request that the model or its service does not get along with: too many tokens for it, for one."""
_ADVICE = {
    "AccessDeniedException": "allow bedrock:InvokeModel on the model, and on its inference profile, to this role",
    "ResourceNotFoundException": "there is no such model in this region; set `model`, or `region`",
    "ThrottlingException": "ask for a higher quota, or use fewer workers",
    "ServiceQuotaExceededException": "ask for a higher quota, or use fewer workers",
    "ExpiredTokenException": "renew the credentials",
    "UnrecognizedClientException": "renew the credentials",
}


class Bedrock:
    """One model, called from several threads. Connects at the first call."""

    def __init__(self, feedback: AIFeedback) -> None:
        """Connect to nothing yet."""
        self._feedback = feedback
        self._lock = threading.Lock()
        self._client: BedrockRuntimeClient | None = None

    def converse(self, request: dict[str, Any]) -> Any:
        """Send a request (`verifier.feedback.request`); return the response.

        Raises:
            Unusable: it was refused for what it holds, which may be the answer's doing.
            ComponentFault: it was not answered.
        """
        client = self._connected()
        from botocore.exceptions import ClientError

        try:
            return client.converse(**request)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in _OF_THE_REQUEST:
                raise Unusable(f"it is {code}") from None
            raise ComponentFault(
                f"Bedrock gave no reply: {code}; {_ADVICE.get(code, 'see docs/feedback.md')}"
            ) from None
        except Exception as error:  # botocore's own, and those of its parser; their texts may quote
            raise ComponentFault(f"Bedrock gave no reply: {type(error).__name__}; see docs/feedback.md") from None

    def _connected(self) -> BedrockRuntimeClient:
        with self._lock:
            if self._client is None:
                self._client = _make_client(self._feedback)
            return self._client


def _make_client(feedback: AIFeedback) -> BedrockRuntimeClient:
    """Make a client.

    Raises:
        ComponentFault: boto3 is not installed, or is not told how to connect.
    """
    try:
        import boto3
        from botocore.config import Config
    except ModuleNotFoundError:
        raise ComponentFault("AI feedback needs boto3; run: pip install 'rlvr-verifier[aws]'") from None
    from botocore.exceptions import BotoCoreError

    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=feedback.seconds,
        max_pool_connections=_MOST_CONNECTIONS,
        tcp_keepalive=True,  # a model may be silent for longer than a router remembers it
        retries={"mode": "adaptive", "total_max_attempts": feedback.attempts},
    )
    try:
        # A session is used by one thread.
        return boto3.session.Session().client("bedrock-runtime", region_name=feedback.region, config=config)
    except (BotoCoreError, ValueError) as error:
        raise ComponentFault(f"Bedrock cannot be called: {error}") from None
