"""Servers that speak S3 on this machine: moto's, in a process of its own, and one that answers as a test tells it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3.session

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "the-suites"
REGION = "us-east-1"
Answer = Callable[[BaseHTTPRequestHandler], None]


def settings_for(url: str, key_id: str = "any", secret: str = "any") -> dict[str, str]:  # noqa: S107 - no secret
    """Return the variables that point boto3 at a server, with nothing of this machine's own configuration."""
    return {
        "AWS_ENDPOINT_URL_S3": url,
        "AWS_ACCESS_KEY_ID": key_id,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
    }


class S3Server:
    """A running server of moto's, with one bucket.

    Attributes:
        url: its address.
        client: a client that may do everything.
    """

    def __init__(self, url: str) -> None:
        """Make the bucket on a server that runs."""
        self.url = url
        self.client: S3Client = self._client("s3")
        self.client.create_bucket(Bucket=BUCKET)

    def put(self, key: str, content: str | bytes) -> None:
        """Write an object."""
        self.client.put_object(Bucket=BUCKET, Key=key, Body=content)

    def upload(self, folder: Path, prefix: str) -> None:
        """Write every file below a folder to the key of the same path below a prefix."""
        for path in folder.rglob("*"):
            if path.is_file():
                self.put(f"{prefix}/{path.relative_to(folder).as_posix()}", path.read_bytes())

    def clear(self, prefix: str = "") -> None:
        """Remove every object below a prefix."""
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix):
            for item in page.get("Contents", ()):
                self.client.delete_object(Bucket=BUCKET, Key=item["Key"])

    @contextmanager
    def as_user(self, *actions: str) -> Iterator[dict[str, str]]:
        """Enforce IAM, and yield the variables of a user who may only do these actions, on anything."""
        iam = self._client("iam")
        name = f"user-{len(iam.list_users()['Users'])}"
        iam.create_user(UserName=name)
        allowed = [{"Effect": "Allow", "Action": action, "Resource": "*"} for action in actions]
        policy = json.dumps({"Version": "2012-10-17", "Statement": allowed})
        iam.put_user_policy(UserName=name, PolicyName="its", PolicyDocument=policy)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        self._allow_unchecked("0")
        try:
            yield settings_for(self.url, key["AccessKeyId"], key["SecretAccessKey"])
        finally:
            self._allow_unchecked("inf")

    def _client(self, service: str) -> Any:
        session = boto3.session.Session(aws_access_key_id="any", aws_secret_access_key="any", region_name=REGION)  # noqa: S106 - no secret
        return session.client(service, endpoint_url=self.url)

    def _allow_unchecked(self, requests: str) -> None:
        """Set after how many requests moto begins to check permissions."""
        request = urllib.request.Request(  # noqa: S310 - an address on this machine
            f"{self.url}/moto-api/reset-auth", data=requests.encode(), headers={"Content-Type": "text/plain"}
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - likewise
            answer.read()


@contextmanager
def s3_server(*, keys_of_a_page: int = 1000) -> Iterator[S3Server]:
    """Run moto's server on a free port of this machine.

    Args:
        keys_of_a_page: most keys that a listing holds.
    """
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
        env=os.environ | {"MOTO_S3_DEFAULT_MAX_KEYS": str(keys_of_a_page)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with server:
        try:
            assert server.stdout is not None
            found = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in server.stdout)
            url = next(match[0] for match in found if match)
            threading.Thread(target=server.stdout.read, daemon=True).start()  # its log must not fill the pipe
            yield S3Server(url)
        finally:
            server.kill()


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """Yield the address of an HTTP server that answers every GET and POST as told."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def do_POST(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def reply(handler: BaseHTTPRequestHandler, status: int, body: str) -> None:
    """Send one answer, as S3 sends its own."""
    handler.send_response(status)
    handler.send_header("Content-Type", "application/xml")
    handler.send_header("Content-Length", str(len(body.encode())))
    handler.end_headers()
    handler.wfile.write(body.encode())
