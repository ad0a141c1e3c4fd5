"""A stand-in for Amazon Bedrock's endpoint: a real HTTP server that speaks Converse, as botocore sends and reads it.

No model runs here. What it answers is a function of the request, which a test gives it (tests/feedback/models.py has
some). Facts: Converse in the API reference of Amazon Bedrock.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

Request = dict[str, Any]


class Reply(NamedTuple):
    """What the server answers.

    Attributes:
        status: of HTTP.
        body: an object to send as JSON, or bytes to send as they are.
        error: name of Bedrock's exception; empty for none.
    """

    status: int
    body: Any
    error: str = ""


Script = Callable[[Request], Reply]


def settings_for(url: str) -> dict[str, str]:
    """Return the variables that point boto3 at a server, with nothing of this machine's own configuration."""
    return {
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": url,
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
    }


def refusal(status: int, error: str, message: str = "refused") -> Reply:
    """Return the reply of a service that refuses."""
    return Reply(status, {"message": message}, error)


class Endpoint(ThreadingHTTPServer):
    """Bedrock's runtime, scripted.

    Attributes:
        script: what it answers; may be changed at any time.
        asked: all requests so far, each with its `modelId`.
        arrived: set once one has come.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, script: Script) -> None:
        """Listen on a free port of this machine."""
        super().__init__(("127.0.0.1", 0), _Calls)
        self.script = script
        self.asked: list[Request] = []
        self.arrived = threading.Event()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers that went away."""


@contextlib.contextmanager
def endpoint(script: Script) -> Iterator[Endpoint]:
    """Serve for as long as the context lasts."""
    with Endpoint(script) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Calls(BaseHTTPRequestHandler):
    server: Endpoint
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Serve one call of Converse."""
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        before, model, after = self.path.split("/")[1:]
        assert (before, after) == ("model", "converse")
        request["modelId"] = urllib.parse.unquote(model)
        self.server.asked.append(request)
        self.server.arrived.set()
        reply = self.server.script(request)
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        if reply.error:
            self.send_header("x-amzn-errortype", reply.error)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write nothing."""
