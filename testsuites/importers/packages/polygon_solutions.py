"""The solutions of a Polygon package, by the verdict that each must get."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from testsuites.directory import Labelled
from testsuites.importers.packages.package import Package
from testsuites.importers.packages.programs import program_name, python_text
from testsuites.importers.packages.submissions import Submissions

_LABELS = {
    "main": "accepted",
    "accepted": "accepted",
    "wrong-answer": "wrong_answer",
    "presentation-error": "wrong_answer",
    "time-limit-exceeded": "time_limit_exceeded",
    "memory-limit-exceeded": "memory_limit_exceeded",
    "failed": "runtime_error",
    "runtime-error": "runtime_error",
}
"""Other tags, such as `rejected`, leave open which verdict it is. `failed` is Polygon's word for a run-time error."""
_PYTHON2 = ("python.2", "python.pypy2")


def polygon_solutions(package: Package, problem: Element) -> Submissions:
    """Return the solutions: the main one is the reference, else the first accepted one.

    Raises:
        SuiteInvalid: a file cannot be read.
    """
    found: list[tuple[str, str, str]] = []
    left_out = 0
    for solution in sorted(problem.findall("assets/solutions/solution"), key=lambda one: one.get("tag") != "main"):
        source = solution.find("source")
        label = _LABELS.get(solution.get("tag", ""))
        path = source.get("path", "") if source is not None else ""
        in_python = source is not None and source.get("type", "") not in _PYTHON2 and path in package
        text = python_text(package, path) if label and in_python else None
        if label is None or text is None:
            left_out += 1
        else:
            found.append((label, path, text))
    reference = next((solution for solution in found if solution[0] == "accepted"), None)
    labelled: list[Labelled] = []
    for label, path, text in (solution for solution in found if solution is not reference):
        taken = [other.name for other in labelled if other.label == label]
        labelled.append(Labelled(label=label, name=program_name(path, taken), text=text, is_answer=False))
    return Submissions(reference[2] if reference else None, tuple(labelled), left_out)
