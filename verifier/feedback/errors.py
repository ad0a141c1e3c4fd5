"""What may keep a reply from being used. All else that goes wrong is a `ComponentFault`."""

from __future__ import annotations


class NotShown(Exception):
    """Nothing of this answer can be shown to the model, by its author's doing."""


class Unusable(Exception):
    """There is no score in what came back, and the answer may have brought it about. The text quotes nothing of it."""
