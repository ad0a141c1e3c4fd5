"""The other end of a remote sandbox: runs programs on its machine, and holds nothing that they should not find.

sandbox.runner.lambda_handler       a Lambda function that serves `sandbox.functions.LambdaSandbox`
python -m sandbox.runner            a process that serves `sandbox.containers.DockerSandbox` over its standard streams
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.runner.function import lambda_handler

__all__ = ["lambda_handler"]


def __getattr__(name: str) -> Any:
    """Load the Lambda handler when it is asked for."""
    if name == "lambda_handler":
        from sandbox.runner.function import lambda_handler

        return lambda_handler
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
