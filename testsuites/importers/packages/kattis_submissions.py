"""The submissions of a Kattis package, by the verdict that each must get."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from testsuites.directory import Labelled
from testsuites.importers.packages.package import Package
from testsuites.importers.packages.programs import program_name, programs_in, python_text
from testsuites.importers.packages.submissions import Submissions
from testsuites.importers.packages.yaml_text import read_yaml

_LABELS = {
    "accepted": "accepted",
    "wrong_answer": "wrong_answer",
    "time_limit_exceeded": "time_limit_exceeded",
    "run_time_error": "runtime_error",
}
_EXPECTATIONS = "submissions/submissions.yaml"
_OF_ANY_VERDICT = frozenset({"language", "entrypoint", "authors", "model_solution", "message", "use_for_time_limit"})


def kattis_submissions(package: Package) -> Submissions:
    """Return the submissions of a package.

    Where `submissions.yaml` says of some what they must get, folders do not say it, and only accepted ones are taken.

    Raises:
        SuiteInvalid: a file cannot be read.
    """
    labels = {"accepted": "accepted"} if _has_expectations(package) else _LABELS
    reference: str | None = None
    labelled: list[Labelled] = []
    left_out = 0
    for folder in programs_in(package, "submissions"):
        label = labels.get(PurePosixPath(folder).name)
        for path in programs_in(package, folder):
            text = python_text(package, path) if label else None
            if label is None or text is None:
                left_out += 1
            elif label == "accepted" and reference is None:
                reference = text
            else:
                taken = [other.name for other in labelled if other.label == label]
                labelled.append(Labelled(label=label, name=program_name(path, taken), text=text, is_answer=False))
    return Submissions(reference, tuple(labelled), left_out)


def _has_expectations(package: Package) -> bool:
    if _EXPECTATIONS not in package:
        return False
    return any(_says_a_verdict(fields) for fields in read_yaml(package, _EXPECTATIONS).values())


def _says_a_verdict(fields: Any) -> bool:
    return isinstance(fields, dict) and bool(fields.keys() - _OF_ANY_VERDICT)
