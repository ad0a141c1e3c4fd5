"""A target that is an AWS Lambda function."""

from __future__ import annotations

import json
from typing import Any

from testsuites.model import AnySuite
from verifier.fuzzing.target import TargetBroken
from verifier.fuzzing.targets.base import BaseTarget
from verifier.fuzzing.targets.errors import TargetError
from verifier.fuzzing.targets.events import event_of
from verifier.fuzzing.targets.inline import carries_inline, inline_reference
from verifier.fuzzing.targets.rewards import NoRewardError, reply_reward

_CONNECT_SECONDS = 10.0


class LambdaTarget(BaseTarget):
    """A function that is called by its name or ARN, as boto3 finds region, credentials and endpoint."""

    exposed = False

    def __init__(
        self, name: str, function: str, *, range: tuple[float, float] = (-1.0, 1.0), timeout: float = 30.0
    ) -> None:
        """Make a client; call nothing yet.

        Args:
            name: as the user named it.
            function: name or ARN.
            range: lowest and highest reward.
            timeout: seconds for each answer.

        Raises:
            TargetError: boto3 is not installed, or is not told how to connect.
        """
        super().__init__(name, range=range, timeout=timeout)
        self._function = function
        try:
            import boto3
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError
        except ModuleNotFoundError:
            raise TargetError("calling a function needs boto3; run: pip install 'rlvr-verifier[aws]'") from None
        config = Config(connect_timeout=_CONNECT_SECONDS, read_timeout=timeout, retries={"total_max_attempts": 1})
        try:
            self._client: Any = boto3.session.Session().client("lambda", config=config)
        except (BotoCoreError, ValueError) as error:
            raise TargetError(f"{name}: no function can be called: {error}") from None

    def carries(self, suite: AnySuite) -> bool:
        """Say whether a suite can travel inline."""
        return carries_inline(suite)

    def ask(self, answer: str, suite: AnySuite, seconds: float) -> float | None:
        """Return the reward; a function is waited for as long as `timeout` says.

        Raises:
            TargetBroken: the call failed, or brought no reward.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        event = json.dumps(event_of(answer, inline_reference(suite))).encode()
        try:
            response = self._client.invoke(FunctionName=self._function, Payload=event)
            reply = json.loads(response["Payload"].read())
        except ClientError as error:
            raise TargetBroken(f"was not called ({error.response.get('Error', {}).get('Code', 'refused')})") from None
        except BotoCoreError as error:
            raise TargetBroken(f"could not be asked ({type(error).__name__})") from None
        except (ValueError, RecursionError):
            raise TargetBroken("replied with what is not JSON") from None
        try:
            return reply_reward(reply)
        except NoRewardError as error:
            raise TargetBroken(str(error)) from None

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()
