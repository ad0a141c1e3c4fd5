"""The function that Lambda calls: an event in, one result for each of its samples out, and never an exception.

An exception, or a short list, fails a trainer's whole batch (docs/lambda.md). So whatever fails here, settings
included, leaves samples not judged and says why in the log.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from sandbox.doctor import check
from sandbox.errors import SandboxError
from sandbox.local.standing import spoiled
from sandbox.settings import SettingsError
from testsuites.errors import SuiteError
from verifier.aws.embedded import write_metrics
from verifier.aws.events import read_event
from verifier.aws.metrics import measure
from verifier.aws.records import LOG, log_sample, use_json_lines
from verifier.aws.responses import build_response, in_envelope
from verifier.batch import grade_many, ungraded
from verifier.grade import Grade
from verifier.heap import give_back_large_blocks
from verifier.places import place_of
from verifier.policy import Policy, PolicyError
from verifier.sample import Sample
from verifier.sandboxes import LOCAL
from verifier.settings import Settings, metrics_namespace
from verifier.tripwire import QUARANTINED
from verifier.verifier import Verifier

_SPEAKING = (SettingsError, PolicyError, SuiteError, SandboxError)  # errors whose text is for the operator


def lambda_handler(event: object, context: Any) -> list[dict[str, Any]] | dict[str, Any]:
    """Grade every sample of an event.

    Args:
        event: decoded JSON of any shape that `verifier.aws.events` names.
        context: Lambda's context object, asked for the time left; None when there is no limit.

    Returns:
        A list of results, or an HTTP reply that holds it (setting VERIFIER_ENVELOPE).
    """
    return _HANDLER(event, context)


def _prepare() -> tuple[Settings, Verifier]:
    """Make the verifier that the environment describes.

    Raises:
        SettingsError: a setting cannot be used.
        SandboxUnavailable: a layer that is required does not hold here.
        PolicyError: the policy cannot be found or used.
        SuiteError: the store cannot be opened.
    """
    settings = Settings.from_environment()
    give_back_large_blocks()
    if "AWS_LAMBDA_RUNTIME_API" in os.environ and settings.sandbox == LOCAL:
        # A cold start of a function that runs programs itself: layers are proved before anything is graded.
        found = check(settings.require)
        LOG.info("layers proved", extra={"fields": {"layers": sorted({probe.layer for probe in found if probe.ok})}})
    return settings, Verifier(
        settings.suites,
        policy=settings.policy,
        sandbox=settings.sandbox,
        workers=settings.workers,
        require=settings.require,
        tripwire_rate=settings.tripwire_rate,
        speed=settings.speed,
    )


class Handler:
    """The handler of one execution environment. Its verifier is made for the first event and kept for the next ones."""

    def __init__(self, prepare: Callable[[], tuple[Settings, Verifier]] = _prepare) -> None:
        """Start nothing yet.

        Args:
            prepare: makes the settings and the verifier; asked again for the next event when it raises.
        """
        self._prepare = prepare
        self._lock = threading.Lock()
        self._ready: tuple[Settings, Verifier] | None = None

    def __call__(self, event: object, context: Any) -> list[dict[str, Any]] | dict[str, Any]:
        """Grade every sample of an event (`lambda_handler`)."""
        arrived = time.monotonic()
        use_json_lines()
        if spoiled():  # by a program of an earlier event, which has its answer; Lambda starts a new environment
            LOG.error("this environment ends: %s", spoiled())
            os._exit(1)
        request = read_event(event)
        settings, policy, quarantined = _settings_for_metrics(), Policy(), False
        try:
            settings, verifier = self._get_ready()
            policy = verifier.policy
            verifier.begin_batch()
            deadline = _deadline(arrived, context, settings.margin_seconds)
            grades = list(grade_many(verifier, request.samples, workers=settings.workers, deadline=deadline))
            quarantined = verifier.quarantined
            if quarantined:  # and was no better when it graded the first of these samples
                grades = [ungraded(sample, QUARANTINED) for sample in request.samples]
        except Exception as error:
            reason = str(error) if isinstance(error, _SPEAKING) else place_of(error)
            LOG.error("this function cannot grade: %s", reason)
            grades = [ungraded(sample, reason) for sample in request.samples]
        results = build_response(request.samples, grades, neutral=policy.neutral)
        for sample, grade, result in zip(request.samples, grades, results, strict=True):
            log_sample(sample, grade, result)
        if settings.metrics:
            seconds = time.monotonic() - arrived
            _log_metrics(settings.metrics, request.samples, grades, policy, quarantined=quarantined, seconds=seconds)
        enveloped = request.envelope if settings.envelope == "auto" else settings.envelope == "http"
        return in_envelope(results) if enveloped else results

    def _get_ready(self) -> tuple[Settings, Verifier]:
        with self._lock:
            if self._ready is None:
                self._ready = self._prepare()
            return self._ready


_HANDLER = Handler()


def _settings_for_metrics() -> Settings:
    """Return what holds where the settings cannot be used: an alarm is to see it, if it can be told at all."""
    with contextlib.suppress(SettingsError):
        return Settings(metrics=metrics_namespace(os.environ))
    return Settings()


def _log_metrics(
    namespace: str, samples: Sequence[Sample], grades: Sequence[Grade], policy: Policy, **more: Any
) -> None:
    """Write the metrics of an event. What fails here is logged and costs no reply."""
    try:
        write_metrics(namespace, measure(samples, grades, bounds=policy.range, **more))
    except Exception as error:
        LOG.error("metrics are not written: %s", place_of(error))


def _deadline(arrived: float, context: Any, margin_seconds: float) -> float | None:
    """Return when grading must end, on the clock of `time.monotonic`."""
    time_left = getattr(context, "get_remaining_time_in_millis", None)
    return None if time_left is None else arrived + time_left() / 1000 - margin_seconds
