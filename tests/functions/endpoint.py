"""A small stand-in for Lambda's endpoint: functions by name, each served by several emulators, in Lambda's own shapes.

An emulator serves one call at a time and dies of two; here each call waits for one that is free. What an emulator
answers in a shape of its own (`sandbox.functions.invoking`) is answered as Lambda does; a call whose emulator dies is
answered as a fault of Amazon's side.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import queue
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_PATH = re.compile(r"/2015-03-31/functions/(?P<name>[^/]+)/invocations")
_EMULATORS_PATH = "/2015-03-31/functions/function/invocations"
_BUSY_SECONDS = 60.0


class Endpoint(ThreadingHTTPServer):
    """Functions by name, each with the addresses (``host:port``) of the emulators that serve it; those may change."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, functions: dict[str, list[str]]) -> None:
        """Listen on a free port of this machine."""
        super().__init__(("127.0.0.1", 0), _Calls)
        self.addresses = functions
        self.free: dict[str, queue.LifoQueue[int]] = {}
        for name, addresses in functions.items():
            self.free[name] = queue.LifoQueue()
            for number in range(len(addresses)):
                self.free[name].put(number)

    @property
    def url(self) -> str:
        """Where it answers, as AWS_ENDPOINT_URL_LAMBDA."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers that went away."""


@contextlib.contextmanager
def endpoint(functions: dict[str, list[str]]) -> Iterator[Endpoint]:
    """Serve functions for as long as the context lasts."""
    with Endpoint(functions) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Calls(BaseHTTPRequestHandler):
    server: Endpoint
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a reply is written in two pieces: the second must not wait for the first

    def do_POST(self) -> None:
        """Serve one call of a function."""
        event = self.rfile.read(int(self.headers["Content-Length"]))
        found = _PATH.fullmatch(self.path)
        free = self.server.free.get(found["name"]) if found else None
        if found is None or free is None:
            self._refuse(404, "ResourceNotFoundException")
            return
        try:
            number = free.get(timeout=_BUSY_SECONDS)
        except queue.Empty:
            self._refuse(429, "TooManyRequestsException")
            return
        try:
            answer = _call(self.server.addresses[found["name"]][number], event)
        except (OSError, http.client.HTTPException):
            self._refuse(500, "ServiceException")
            return
        finally:
            free.put(number)
        self._answer(answer)

    def _answer(self, answer: bytes) -> None:
        headers = {}
        try:
            decoded = json.loads(answer)
        except ValueError:
            decoded = {
                "errorType": "Sandbox.Timedout",
                "errorMessage": f"Error: {answer[:100].decode('utf-8', 'replace')}",
            }
            answer = json.dumps(decoded).encode()
        if isinstance(decoded, dict) and "errorType" in decoded and "errorMessage" in decoded:
            headers["X-Amz-Function-Error"] = "Unhandled"
        self._send(200, answer, headers)

    def _refuse(self, status: int, kind: str) -> None:
        self._send(status, json.dumps({"Message": kind}).encode(), {"x-amzn-errortype": kind})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json", "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write nothing."""


def _call(address: str, event: bytes) -> bytes:
    """Call the function of one emulator.

    Raises:
        OSError, HTTPException: nobody answers there.
    """
    connection = http.client.HTTPConnection(address, timeout=600)
    with contextlib.closing(connection):
        connection.request("POST", _EMULATORS_PATH, event, {"Content-Type": "application/json"})
        return connection.getresponse().read()
