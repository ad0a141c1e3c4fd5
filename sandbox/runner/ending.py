"""How an environment of the runner's function ends itself, for both sides."""

ENDED = 75
"""Exit status (sysexits.h: a temporary failure). Lambda tells it to the caller, and no signal brings it about."""
