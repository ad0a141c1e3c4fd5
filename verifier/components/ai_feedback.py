"""AI feedback: what a model says of an answer, by criteria that the policy file lists (docs/feedback.md)."""

from __future__ import annotations

import re
from typing import Literal

from verifier.components.base import Component, ComponentError, Meter

Sees = Literal["code", "program", "answer"]

_SEES = ("code", "program", "answer")
_BOUNDS: dict[str, tuple[float, float]] = {
    "budget": (1, 1_000_000),
    "cache": (0, 1_000_000),
    "longest": (1, 200_000),
    "max_tokens": (16, 32_768),
    "attempts": (1, 10),
    "seconds": (0.1, 600),
}
_MOST_CRITERIA = 16
_LONGEST_CRITERION = 4_000
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9:./_-]{0,2047}")
_REGION = re.compile(r"[a-z]{2,8}(-[a-z]{1,16}){1,4}-[0-9]{1,2}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


class AIFeedback(Component, frozen=True, kw_only=True):
    """The mean of a model's scores, one for each criterion; measured by `verifier.feedback`. Off until a file names it.

    Attributes:
        model: id or ARN of a model, or of an inference profile, that Amazon Bedrock's Converse API takes and that can
            be made to call a tool.
        criteria: what to look at, by name: how each is to be scored, in words for the model.
        region: where the model is; None means boto3's own setting.
        sees: what of the answer the model is shown. ``code``: the program without comments, docstrings and long texts,
            where it is Python; ``program``: all of it; ``answer``: the whole text, reasoning included.
        only_accepted: ask about accepted programs only; components move no other reward.
        budget: answers that the model is asked about in one batch. Each takes one call, or three where the first reply
            cannot be used.
        longest: characters that the model is shown of an answer, as they are sent. What is longer is worth 0: were it
            cut, the worst could stand behind the cut.
        max_tokens: length of a reply.
        attempts: of one call that is refused for now, such as for too many at once.
        seconds: that one attempt may take.
        cache: answers whose figures are kept.
    """

    model: str
    criteria: dict[str, str]
    region: str | None = None
    sees: Sees = "code"
    only_accepted: bool = True
    budget: int = 256
    longest: int = 20_000
    max_tokens: int = 1_000
    attempts: int = 5
    seconds: float = 60.0
    cache: int = 4_096

    def __post_init__(self) -> None:
        """Refuse what cannot be used.

        Raises:
            ComponentError: as above.
        """
        super().__post_init__()
        if not _MODEL.fullmatch(self.model):
            raise ComponentError(f"model: {self.model!r} is no id and no ARN of a model; Bedrock's console lists them")
        if self.region is not None and not _REGION.fullmatch(self.region):
            raise ComponentError(f"region: {self.region!r} is no region, such as us-east-1")
        if self.sees not in _SEES:
            raise ComponentError(f"sees: {self.sees!r} must be one of {', '.join(_SEES)}")
        if not 1 <= len(self.criteria) <= _MOST_CRITERIA:
            raise ComponentError(f'criteria: name 1 to {_MOST_CRITERIA}, such as {{ readability = "..." }}')
        for name, words in self.criteria.items():
            if not _NAME.fullmatch(name):
                raise ComponentError(f"criteria: name {name!r} with letters, digits and underscores, 64 at most")
            if not words.strip() or len(words) > _LONGEST_CRITERION:
                raise ComponentError(f"criteria: say in 1 to {_LONGEST_CRITERION} characters how to score {name}")
        for name, (least, most) in _BOUNDS.items():
            if not least <= getattr(self, name) <= most:  # NaN too
                raise ComponentError(f"{name}: {getattr(self, name)} must be from {least} to {most}")

    @property
    def of_accepted_only(self) -> bool:
        """As the policy file has it."""
        return self.only_accepted

    def meter(self) -> Meter:
        """Return what asks the model. Connects to nothing yet."""
        from verifier.feedback.meter import FeedbackMeter  # nobody else pays for it

        return FeedbackMeter(self)
