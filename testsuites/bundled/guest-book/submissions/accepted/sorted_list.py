# The order of UTF-8 bytes is the order of code points, so nothing is decoded.
import sys
from bisect import bisect_left, insort

first = sys.stdin.buffer.readline()
lines = [first] + sys.stdin.buffer.read().split(b"\n")
inside, ever, out = [], {}, []
for line in lines:
    line = line.rstrip(b"\n")
    name = line[1:]
    at = bisect_left(inside, name)
    here = at < len(inside) and inside[at] == name
    if line.startswith(b"+"):
        ever[name] = True
        if not here:
            insort(inside, name)
    elif line.startswith(b"-") and here:
        inside.pop(at)
    elif line == b"?":
        out.append(b"%d %s" % (len(inside), inside[0]) if inside else b"nobody")
out.append(b"total %d" % len(ever))
sys.stdout.buffer.write(b"\n".join(out))
