"""Whether the tests of a call suite fit its signature: where they do not, the suite is wrong, and no submission is."""

from __future__ import annotations

from sandbox.languages.signatures import Signature, SignatureInvalid, fits, read_signature
from testsuites import CallSuite, SuiteInvalid
from testsuites.model import CallTest


def check_typed(suite: CallSuite) -> None:
    """Return if the suite has no signature, or one that all its tests fit.

    Raises:
        SuiteInvalid: the message names the field, and quotes no value.
    """
    if not suite.signature:
        return
    try:
        signature = read_signature(suite.signature)
        for number, test in enumerate(suite.tests):
            _check_test(test, signature, f"tests[{number}]")
    except SignatureInvalid as error:
        raise SuiteInvalid(f"{suite.id}: signature: {error}") from None
    except ValueError as error:
        raise SuiteInvalid(f"{suite.id}: {error}") from None


def _check_test(test: CallTest, signature: Signature, place: str) -> None:
    kinds = [parameter.type for parameter in signature.parameters]
    if len(test.args) != len(kinds) or test.kwargs:
        raise ValueError(f"{place}.args: the signature takes {len(kinds)}, by position")
    for number, (kind, value) in enumerate(zip(kinds, test.args, strict=True)):
        if not fits(kind, value):
            raise ValueError(f"{place}.args[{number}]: is no {kind.name} as the signature says")
    kind = signature.result if test.read_back is None else kinds[test.read_back]
    if not all(fits(kind, value) for value in (test.expected, *test.also_accepted)):
        raise ValueError(f"{place}.expected: is no {kind.name} as the signature says")
