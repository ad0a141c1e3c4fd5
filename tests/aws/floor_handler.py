"""Our Lambda handler with the floor alone, which is all that a Lambda function can enforce."""

from __future__ import annotations

from sandbox import LocalSandbox
from sandbox.layers import LAYERS
from verifier.aws.handler import Handler
from verifier.settings import Settings
from verifier.verifier import Verifier


def _prepare() -> tuple[Settings, Verifier]:
    settings = Settings.from_environment()
    sandbox = LocalSandbox(settings.workers, without=set(LAYERS) - {"floor"})
    return settings, Verifier(sandbox=sandbox, workers=settings.workers)


lambda_handler = Handler(_prepare)
