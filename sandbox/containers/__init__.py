"""Programs in Docker containers: the judge's side (the other is `sandbox.runner.stream`).

sandbox.py     the sandbox, and what a lost container means
session.py     a live program that answers calls
fitting.py     as much of a job as the memory of a container holds
pool.py        which containers there are, and that none is left
container.py   one container: start, ask, kill
attached.py    its standard streams, over a connection to the engine
engine.py      what the Docker Engine is asked for: above all, how a container is closed in
reaping.py     containers that a judge left behind when it was killed
"""

from sandbox.containers.sandbox import DockerSandbox

__all__ = ["DockerSandbox"]
