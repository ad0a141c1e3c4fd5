"""Which containers there are: lent to one program at a time, kept while they are fit, and none of them left behind.

Threads that nobody has to wait for start containers, and remove those that are not fit any more. `close`, and the end
of the interpreter, remove all there are. When the judge is killed the connections end, and with them the runners; what
had not come to that is removed by the next judge (`sandbox.containers.reaping`).
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, InvalidStateError

from sandbox.containers.container import START_SECONDS, Container
from sandbox.errors import SandboxError, SandboxFault, SandboxLost


class Pool:
    """Lends containers. Safe to use from several threads."""

    def __init__(self, make: Callable[[], Container], workers: int, *, fresh: bool) -> None:
        """Start nothing yet.

        Args:
            make: makes a container that is still to be started.
            workers: most leases at a time.
            fresh: throw a container away after each lease. A spare one is started meanwhile; there are never more of
                them than workers.
        """
        self._make = make
        self._workers = workers
        self._fresh = fresh
        self._reset()

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """Wait for one of the places in which leases are to be had, one at a time."""
        with self._places:
            yield

    @contextlib.contextmanager
    def lease(self) -> Iterator[Container]:
        """Lend a container.

        Raises:
            SandboxError: none can be started, or the pool was closed, now or meanwhile.
        """
        container = self._take()
        try:
            if self._fresh:
                self._make_spare()
            yield container
        except SandboxLost:
            self.refuse_when_closed()
            raise
        finally:
            self._give_back(container)

    def close(self, patience_seconds: float) -> None:
        """Remove every container; leases under way raise `SandboxFault`. Starts no thread. Safe to call twice.

        Args:
            patience_seconds: longest time to wait for other threads that are about to let go of one.
        """
        with self._lock:
            self._closed = True
            self._changed.notify_all()
            ready, coming, busy = list(self._ready), dict(self._coming), list(self._busy)
            self._ready.clear()
        for future in coming:
            with contextlib.suppress(InvalidStateError):
                future.set_exception(_was_closed())
        idle = [future.result() for future in ready if future not in coming and future.exception() is None]
        for container in (*idle, *busy, *coming.values()):
            container.cut()  # so that all end at the same time
        for container in (*busy, *coming.values()):
            container.kill()
        for container in idle:
            container.close()
        with self._changed:
            self._changed.wait_for(lambda: not self._busy and not self._threads, patience_seconds)

    def wait(self, seconds: float) -> None:
        """Wait for so long, or until it is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed, seconds)

    def refuse_when_closed(self) -> None:
        """Return if it is open.

        Raises:
            SandboxFault: it was closed.
        """
        if self._closed:
            raise _was_closed() from None

    def forget(self) -> None:
        """Begin anew, in a process that was forked: what there is belongs to its parent."""
        idle = [future.result() for future in self._ready if future.done() and future.exception() is None]
        for container in (*idle, *self._busy, *self._coming.values()):
            container.abandon()
        self._reset()

    def _take(self) -> Container:
        container = self._take_ready() or self._wait_for(self._begin_start())
        with self._lock:
            closed = self._closed
            if not closed:
                self._busy.add(container)
        if closed:
            container.close()
            raise _was_closed()
        return container

    def _take_ready(self) -> Container | None:
        """Return a container that is there already, or will be soon; those killed from outside are thrown away."""
        while True:
            with self._lock:
                future = self._ready.popleft() if self._ready else None
            if future is None:
                return None
            with contextlib.suppress(SandboxError):  # a spare one that came to nothing
                container = self._wait_for(future)
                if container.waits:
                    return container
                self._throw_away(container)

    def _make_spare(self) -> None:
        with contextlib.suppress(SandboxFault):  # closed
            self._begin_start(spare=True)

    def _give_back(self, container: Container) -> None:
        with self._lock:
            keep = container.fit and not self._fresh and not self._closed
            if keep:
                self._ready.appendleft(_done(container))
        if not keep:
            self._throw_away(container)
        with self._changed:
            self._busy.discard(container)
            self._changed.notify_all()

    def _throw_away(self, container: Container) -> None:
        """Remove it. When the engine is slow at that, whoever wants the next one waits as well."""
        container.cut()
        if self._closed:
            container.close()
            return
        removals = self._removals
        removals.acquire()

        def remove() -> None:
            try:
                container.close()
            finally:
                removals.release()

        self._in_background(remove)

    def _begin_start(self, *, spare: bool = False) -> Future[Container]:
        """Have a container started, a spare one only if there are not enough of them.

        Raises:
            SandboxFault: the pool was closed.
        """
        container, future = self._make(), Future[Container]()
        with self._lock:
            self.refuse_when_closed()
            if spare and len(self._ready) >= self._workers:
                return future
            self._coming[future] = container
            if spare:
                self._ready.append(future)
        self._in_background(lambda: self._start(container, future))
        return future

    def _start(self, container: Container, future: Future[Container]) -> None:
        """Start a container, and hand it over; the pool may have been closed meanwhile, or nobody want it any more."""
        try:
            container.start()
        except BaseException as error:
            with self._lock:
                self._coming.pop(future, None)
            with contextlib.suppress(InvalidStateError):
                future.set_exception(error)
            return
        with self._lock:
            self._coming.pop(future, None)
            with contextlib.suppress(InvalidStateError):
                future.set_result(container)
                return
        container.close()

    def _wait_for(self, future: Future[Container]) -> Container:
        """Wait for a container that is started.

        Raises:
            SandboxError: it is not to be had.
        """
        try:
            return future.result(START_SECONDS)
        except BaseException as error:  # Ctrl-C as well
            if not future.cancel() and future.exception() is None:
                self._throw_away(future.result())
            if isinstance(error, TimeoutError):
                raise SandboxFault("no container is ready in time; the Docker Engine is busy") from None
            raise

    def _in_background(self, act: Callable[[], None]) -> None:
        def act_and_go() -> None:
            try:
                act()
            finally:
                with self._changed:
                    self._threads.discard(thread)
                    self._changed.notify_all()

        thread = threading.Thread(target=act_and_go, name="container", daemon=True)
        with self._lock:
            self._threads.add(thread)
        try:
            thread.start()
        except RuntimeError:  # there can be no more threads
            act_and_go()

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._places = threading.BoundedSemaphore(self._workers)
        self._removals = threading.BoundedSemaphore(self._workers)
        self._closed = False
        self._ready: deque[Future[Container]] = deque()
        self._coming: dict[Future[Container], Container] = {}
        self._busy: set[Container] = set()
        self._threads: set[threading.Thread] = set()


def _done(container: Container) -> Future[Container]:
    future = Future[Container]()
    future.set_result(container)
    return future


def _was_closed() -> SandboxFault:
    return SandboxFault("the sandbox was closed")
