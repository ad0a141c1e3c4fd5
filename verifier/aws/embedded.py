"""Metrics are written to the log in CloudWatch's embedded metric format, by aws-lambda-powertools.

CloudWatch reads them out of the log, so they take no call, no right and no time of the function.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from verifier.aws.metrics import Metric
from verifier.aws.records import LOG

_MOST_VALUES = 99  # of one metric in a line: with 100, powertools writes what it has at once, amid a sample


def write_metrics(namespace: str, measured: Mapping[str, Metric]) -> None:
    """Write the metrics of an event to standard output: one line of JSON for each 99 samples.

    Their one dimension is `service`, the name of the function, so that deployments can be told apart.

    Args:
        namespace: where CloudWatch keeps them.
        measured: by name.
    """
    try:  # 15 ms; whoever wants no metrics never pays for it
        from aws_lambda_powertools.metrics import EphemeralMetrics
    except ImportError:
        LOG.error("VERIFIER_METRICS needs aws-lambda-powertools; run: pip install 'rlvr-verifier[aws]'")
        return
    writer = EphemeralMetrics(namespace=namespace, service=os.environ.get("AWS_LAMBDA_FUNCTION_NAME") or "verifier")
    for start in range(0, max(len(metric.values) for metric in measured.values()), _MOST_VALUES):
        for name, metric in measured.items():
            for value in metric.values[start : start + _MOST_VALUES]:
                writer.add_metric(name=name, unit=metric.unit, value=value)
        writer.flush_metrics()
