"""Where an author's program decides about an output in place of a comparator (docs/checkers.md).

The program runs in the oracle's sandbox, never in the judge and never where a submission runs. `stage` and
`checker_main` are texts that go there with it.
"""
