"""What can be wrong with suites. Messages name the place and the field, and never quote hidden data.

SuiteError
├── SuiteNotFound       no suite of that id, or no store at that place
├── SuiteInvalid        the suite is there and cannot be used
└── SuiteUnavailable    the store does not answer, or does not let us read: nobody knows whether the suite is there
"""

from __future__ import annotations


class SuiteError(Exception):
    """Base of the tree above."""


class SuiteNotFound(SuiteError):
    """There is no such suite, or no such store."""


class SuiteInvalid(SuiteError):
    """The suite cannot be used; the message names the field."""


class SuiteUnavailable(SuiteError):
    """The store does not answer, or does not let us read: whether the suite is there, nobody knows."""
