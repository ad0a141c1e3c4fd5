"""References to one version of a suite: its id, and after ``@`` its digest, whole or its first digits.

HumanEval/0@sha256:1f0c5c6d8a2e    the suite HumanEval/0, and no other version of it
"""

from __future__ import annotations

import re

from testsuites.errors import SuiteInvalid, SuiteNotFound
from testsuites.model import AnySuite
from testsuites.store import Store

_PIN = re.compile(r"sha256:[0-9a-f]{12,64}", re.ASCII)


def load_suite(store: Store, reference: str) -> AnySuite:
    """Return the suite that a reference names: an id, which may be pinned.

    Args:
        store: where to look.
        reference: as above.

    Raises:
        SuiteNotFound: there is no such suite, or it has another digest, which the message tells.
        SuiteInvalid: it cannot be used, or the reference is none.
        SuiteUnavailable: the store cannot be read now.
    """
    suite_id, at, pin = reference.partition("@")
    if at and not _PIN.fullmatch(pin):
        raise SuiteInvalid("a suite is pinned as ID@sha256:DIGITS, with 12 to 64 hexadecimal digits; this is not one")
    suite = store.load(suite_id)
    if not suite.digest.startswith(pin):
        raise SuiteNotFound(f"suite {suite_id} has changed: {pin} is wanted, and {suite.digest} is there")
    return suite
