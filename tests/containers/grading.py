"""Grade labelled submissions of the bundled suites named as arguments; print a JSON object for each."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from testsuites.directory import DirectoryStore
from verifier import Verifier
from verifier.settings import Settings

_BUNDLED = Path(__file__).resolve().parents[2] / "testsuites" / "bundled"


def main(suites: list[str]) -> None:
    """Grade the first submission under each label of those suites, under the setting VERIFIER_REQUIRE."""
    store = DirectoryStore(_BUNDLED)
    with Verifier(store, workers=1, require=Settings.from_environment().require) as verifier:
        for suite in suites:
            firsts = {submission.label: submission for submission in reversed(list(store.submissions(suite)))}
            for label, submission in sorted(firsts.items()):
                text = submission.text if submission.is_answer else f"```python\n{submission.text}```\n"
                grade = verifier.grade(text, suite)
                row = {
                    "name": f"{suite}/{label}/{submission.name}",
                    "label": label,
                    "verdict": grade.verdict,
                    "reward": grade.reward,
                    "layers": grade.layers,
                }
                print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
