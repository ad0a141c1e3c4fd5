"""Test suites: what one is, the formats they are read from and written to, and where they are kept.

Knows nothing of sandboxes, verdicts or rewards. A process that runs candidate code never imports this package.
"""

from __future__ import annotations

from testsuites.errors import SuiteError, SuiteInvalid, SuiteNotFound, SuiteUnavailable
from testsuites.inline import inline_suite, suite_reference
from testsuites.model import (
    AnySuite,
    CallSuite,
    CallTest,
    Comparator,
    JudgeProgram,
    ScriptSuite,
    ScriptTest,
    StdioSuite,
    StdioTest,
    SuiteLimits,
)
from testsuites.pins import load_suite
from testsuites.store import Store, open_store

__all__ = [
    "AnySuite",
    "CallSuite",
    "CallTest",
    "Comparator",
    "JudgeProgram",
    "ScriptSuite",
    "ScriptTest",
    "StdioSuite",
    "StdioTest",
    "Store",
    "SuiteError",
    "SuiteInvalid",
    "SuiteLimits",
    "SuiteNotFound",
    "SuiteUnavailable",
    "inline_suite",
    "load_suite",
    "open_store",
    "suite_reference",
]
