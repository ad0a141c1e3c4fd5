"""Bugs planted in policies, comparators, extractors and judges, each with the law that has to find it.

``python -m tests.fuzzing.planted`` tries every law of the kind on every bug, and prints which laws find it, and after
how many cases.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from tests.fuzzing import planted_judges as judges
from tests.fuzzing import planted_parts as parts
from tests.fuzzing import planted_policies as policies
from verifier.extraction import extract
from verifier.fuzzing.checking import check
from verifier.fuzzing.exploits import problems
from verifier.fuzzing.law import Finding, Law, Setting
from verifier.fuzzing.laws import COMPARATOR_LAWS, EXTRACTOR_LAWS, POLICY_LAWS, TARGET_LAWS

SEED = 5
SECONDS = 20.0
CASES = {"policy": 200, "comparator": 200, "extractor": 200, "judge": 30}
"""The budget of each law: so many cases, and `SECONDS`, which leave a slow machine room."""
LAWS: dict[str, tuple[Law[Any], ...]] = {
    "policy": POLICY_LAWS,
    "comparator": COMPARATOR_LAWS,
    "extractor": EXTRACTOR_LAWS,
    "judge": TARGET_LAWS,
}
SOUND: dict[str, Any] = {
    "policy": policies.WEIGHTED,
    "comparator": parts.sound_comparator,
    "extractor": extract,
    "judge": judges.sound,
}


class Planted(msgspec.Struct, frozen=True):
    """One bug.

    Attributes:
        kind: of its subject, as in `LAWS`.
        bug: the broken part; its name and docstring say what is wrong.
        law: name of the law that has to find it.
    """

    kind: str
    bug: Any
    law: str

    @property
    def name(self) -> str:
        """Name of the bug."""
        return f"{self.kind}/{self.bug.__name__}"


PLANTED = (
    Planted("policy", policies.full_credit_is_the_top, "policy-keeps-failing-below-passing"),
    Planted("policy", policies.nan_without_weight, "policy-is-finite-and-in-range"),
    Planted("policy", policies.failures_pay, "policy-is-monotone"),
    Planted("policy", policies.bonus_leaves_the_range, "policy-is-finite-and-in-range"),
    Planted("policy", policies.first_test_counts_double, "policy-ignores-order"),
    Planted("policy", policies.violation_keeps_credit, "policy-voids-credit"),
    Planted("policy", policies.judge_errors_are_neutral, "policy-refuses-judge-errors"),
    Planted("policy", policies.worst_verdict_unseen, "policy-keeps-failing-below-passing"),
    Planted("policy", policies.remembering, "policy-is-pure"),
    Planted("policy", policies.format_pays_failures, "components-leave-failures-alone"),
    Planted("policy", policies.too_much_at_stake, "components-keep-failing-below-passing"),
    Planted("policy", policies.shorter_is_worse, "components-never-pay-less-for-more"),
    Planted("policy", policies.nan_where_not_judged, "components-stay-in-range"),
    Planted("comparator", parts.zip_of_lines, "comparator-sees-full-length"),
    Planted("comparator", parts.case_folded, "comparator-keeps-case"),
    Planted("comparator", parts.integers_as_floats, "comparator-is-exact-on-integers"),
    Planted("comparator", parts.set_of_lines, "comparator-sees-one-wrong-token"),
    Planted("comparator", parts.last_line_ignored, "comparator-sees-one-wrong-token"),
    Planted("comparator", parts.found_in_output, "comparator-sees-full-length"),
    Planted("comparator", parts.line_feeds_only, "comparator-ignores-layout"),
    Planted("comparator", parts.ascii_only, "comparator-never-raises"),
    Planted("comparator", parts.first_item_only, "comparator-sees-all-items"),
    Planted("comparator", parts.truth_only, "comparator-sees-one-wrong-leaf"),
    Planted("comparator", parts.empty_is_missing, "comparator-accepts-the-same-text"),
    Planted("comparator", parts.nothing_is_missing, "comparator-accepts-the-same-value"),
    Planted("comparator", parts.values_as_json, "comparator-never-raises-on-values"),
    Planted("comparator", parts.numbers_nearly, "comparator-is-exact-on-integer-values"),
    Planted("extractor", parts.first_block, "extractor-finds-the-program"),
    Planted("extractor", parts.blocks_of_reasoning, "extractor-keeps-out-of-reasoning"),
    Planted("extractor", parts.utf8_only, "extractor-never-raises"),
    Planted("extractor", parts.backticks_only, "extractor-finds-the-program"),
    Planted("extractor", parts.three_backticks, "extractor-finds-the-program"),
    Planted("extractor", parts.stripped, "extractor-finds-the-program"),
    Planted("judge", judges.time_outs_pass, "failing-never-reaches-passing"),
    Planted("judge", judges.exceptions_pass, "hostile-programs-are-refused"),
    Planted("judge", judges.exit_code_only, "null-programs-earn-nothing"),
    Planted("judge", judges.first_pass_ends_it, "one-wrong-token-is-refused"),
    Planted("judge", judges.empty_outputs_dropped, "one-wrong-token-is-refused"),
    Planted("judge", judges.merged_by_name, "corrupted-expectation-fails-the-reference"),
    Planted("judge", judges.sampled_by_hash, "hash-seed-does-not-matter"),
    Planted("judge", judges.last_test_lost, "test-order-does-not-matter"),
    Planted("judge", judges.remembers_a_pass, "deterministic"),
    Planted("judge", judges.strict_layout, "ignored-formatting-does-not-matter"),
    Planted("judge", judges.flaky_tests_dropped, "one-more-failing-test-never-pays-more"),
    Planted("judge", judges.nan_without_pass, "rewards-are-finite-and-in-range"),
    Planted("judge", judges.surrogates_break_it, "never-raises"),
    Planted("judge", judges.tildes_unknown, "reference-is-accepted"),
)


def try_law(law: Law[Any], kind: str, bug: Any, place: judges.Place) -> Finding:
    """Check one law on a broken part, or on its sound twin, within the budget."""
    return check(law, _subject(kind, bug, place), examples=CASES[kind], seed=SEED, seconds=SECONDS)


def _subject(kind: str, bug: Any, place: judges.Place) -> Any:
    if bug in policies.OF_COMPONENTS:
        return policies.WeightedPolicy(bug)
    if kind == "policy":
        return bug if bug is policies.WEIGHTED else policies.Policy(bug() if bug is policies.remembering else bug)
    if kind == "judge":
        made = bug() if bug is judges.remembers_a_pass else bug
        return Setting(target=judges.JudgeTarget(place, made), problems=problems())
    return bug


def _table() -> Iterator[str]:
    yield "| bug | found by | cases | smallest case |\n|---|---|---|---|"
    with judges.Place() as place:
        for planted in PLANTED:
            for law in LAWS[planted.kind]:
                found = try_law(law, planted.kind, planted.bug, place)
                if found.holds is False:
                    shown = ascii(found.example if planted.kind != "judge" else found.told)[1:-1]
                    yield f"| {planted.name} | {law.name} | {found.cases} | {shown[:90]} |"


if __name__ == "__main__":
    for line in _table():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
