"""Programs in a Lambda function that holds nothing else: the judge's side (the other is `sandbox.runner.function`)."""

from sandbox.functions.sandbox import LambdaSandbox

__all__ = ["LambdaSandbox"]
