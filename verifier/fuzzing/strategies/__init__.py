"""Hypothesis strategies for all that a verifier is given or makes. They shrink to what a person can read.

values     `values`, `json_values`, `any_text`: data that crosses to programs and back
suites     `suites`, `call_tests`, `tolerances`, of any content; `made_problems`, which have a solution
programs   `right_variants`, `wrong`, `nulls`, `failing`, `spoilt`, `mutated`, `hostile`
answers    `answers`, `broken_answers`: a model's text, around a program or around none
events     `events`, `broken_samples`: what a Lambda function is sent
outcomes   `outcomes`, `runs`: what a sandbox answers
reports    `reports`, `results`: what judging found
"""

from __future__ import annotations

from verifier.fuzzing.strategies.answers import answers, as_extracted, broken_answers
from verifier.fuzzing.strategies.corrupting import corrupted
from verifier.fuzzing.strategies.events import broken_samples, events
from verifier.fuzzing.strategies.failing import failable, failing, fails, spoilt
from verifier.fuzzing.strategies.hostile import hostile
from verifier.fuzzing.strategies.mutated import mutated
from verifier.fuzzing.strategies.outcomes import outcomes, runs
from verifier.fuzzing.strategies.problems import made_problems, needs_thought
from verifier.fuzzing.strategies.programs import nulls, wrong
from verifier.fuzzing.strategies.reports import reports, results
from verifier.fuzzing.strategies.suites import call_tests, suites, tolerances
from verifier.fuzzing.strategies.values import any_text, json_values, values
from verifier.fuzzing.strategies.variants import right_variants

__all__ = [
    "answers",
    "any_text",
    "as_extracted",
    "broken_answers",
    "broken_samples",
    "call_tests",
    "corrupted",
    "events",
    "failable",
    "failing",
    "fails",
    "hostile",
    "json_values",
    "made_problems",
    "mutated",
    "needs_thought",
    "nulls",
    "outcomes",
    "reports",
    "results",
    "right_variants",
    "runs",
    "spoilt",
    "suites",
    "tolerances",
    "values",
    "wrong",
]
