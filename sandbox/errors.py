"""The sandbox's own faults. What a program does is never an exception here; it is a `Status`.

SandboxError
├── SandboxUnavailable     this host cannot enforce what a run requires; refused before anything runs
├── UnsupportedLanguage    nothing here runs that language
├── LanguageInvalid        a file describes no language (`sandbox.languages`)
└── SandboxFault           a part of the sandbox failed while it was working; the run says nothing of the program
    └── SandboxLost        a process around the program died: by accident, or by the program's hand
"""

from __future__ import annotations


class SandboxError(Exception):
    """Base of the tree above."""


class SandboxUnavailable(SandboxError):
    """The host cannot enforce what a run requires. The message says what is missing and what to do."""


class UnsupportedLanguage(SandboxError):
    """No sandbox here runs the program's language."""


class LanguageInvalid(SandboxError):
    """A file describes no language. The message names file and field."""


class SandboxFault(SandboxError):
    """A part of the sandbox failed for a reason outside the program's reach. Nothing is known of the program."""


class SandboxLost(SandboxFault):
    """A process around the program died or stopped answering, and it cannot be told whether the program did it.

    Try once more in fresh processes; a second loss is the program's doing, for no program may choose not to be judged.
    """
