"""AI feedback for a batch: what is known already, what may still be asked, and who waits for what.

Each call runs in a daemon thread of its own. So whoever waits for one can be told to leave, at a deadline or at
Ctrl-C, and a call that nobody waits for holds nothing up; its figure is kept when it comes.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from concurrent.futures import Future

from verifier.components.ai_feedback import AIFeedback
from verifier.components.base import ComponentFault, Meter
from verifier.components.evidence import Evidence
from verifier.feedback.asking import ask
from verifier.feedback.bedrock import Bedrock
from verifier.feedback.errors import NotShown
from verifier.feedback.shown import shown_of
from verifier.verdict import Verdict


class FeedbackMeter(Meter):
    """Asks one model by one list of criteria. Used from several threads."""

    def __init__(self, feedback: AIFeedback) -> None:
        """Connect to nothing yet."""
        self._feedback = feedback
        self._bedrock = Bedrock(feedback)
        self._changed = threading.Condition()  # held for all that follows
        self._known: OrderedDict[bytes, float] = OrderedDict()  # by the digest of what is asked; the latest last
        self._under_way: dict[bytes, Future[float]] = {}
        self._left = feedback.budget
        self._interrupts = 0

    def measure(self, evidence: Evidence) -> float | None:
        """Return what the model says; None for a program that is not accepted, unless it is to be asked about them.

        Raises:
            ComponentFault: it cannot be asked now.
        """
        if self._feedback.only_accepted and evidence.report.verdict is not Verdict.ACCEPTED:
            return None
        try:
            shown = shown_of(evidence, self._feedback)
        except NotShown:
            return 0.0
        with self._changed:
            key = _digest(evidence.prompt, shown)
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
            call = self._under_way.get(key) or self._begin(key, evidence.prompt, shown)
            before = self._interrupts
            self._changed.wait_for(lambda: call.done() or self._interrupts != before)
        if not call.done():
            raise ComponentFault("it was interrupted before the model replied")
        return call.result()

    def begin_batch(self) -> None:
        """Let the model be asked about as many answers as a batch may."""
        with self._changed:
            self._left = self._feedback.budget

    def interrupt(self) -> None:
        """Send everybody away who waits. Their calls go on."""
        with self._changed:
            self._interrupts += 1
            self._changed.notify_all()

    def _begin(self, key: bytes, prompt: str, shown: str) -> Future[float]:
        """Begin to ask.

        Raises:
            ComponentFault: the budget is used up.
        """
        if not self._left:
            raise ComponentFault(f"the budget of {self._feedback.budget} answers in a batch is used up")
        call: Future[float] = Future()
        threading.Thread(target=self._ask, args=(key, call, prompt, shown), name="feedback", daemon=True).start()
        self._under_way[key] = call
        self._left -= 1
        return call

    def _ask(self, key: bytes, call: Future[float], prompt: str, shown: str) -> None:
        """Ask, and tell who waits."""
        figure: float | None = None
        failure: BaseException | None = None
        try:
            figure = ask(self._bedrock.converse, self._feedback, prompt=prompt, shown=shown)
        except BaseException as error:  # somebody waits for it, whatever it is
            failure = error
        with self._changed:
            del self._under_way[key]
            if figure is None:
                call.set_exception(failure)
            else:
                call.set_result(figure)
                self._keep(key, figure)
            self._changed.notify_all()

    def _keep(self, key: bytes, figure: float) -> None:
        self._known[key] = figure
        if len(self._known) > self._feedback.cache:
            self._known.popitem(last=False)


def _digest(prompt: str, shown: str) -> bytes:
    """Return what stands for a request: the rest of it is the same for all that one meter asks."""
    digest = hashlib.sha256()
    for text in (prompt, shown):
        data = text.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.digest()
