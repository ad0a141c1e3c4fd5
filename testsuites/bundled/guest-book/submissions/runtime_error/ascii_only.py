# Crashes on the first name that is not ASCII.
import io
import sys

inside, ever = set(), set()
for line in io.TextIOWrapper(sys.stdin.buffer, encoding="ascii").read().split("\n"):
    if line.startswith("+"):
        inside.add(line[1:])
        ever.add(line[1:])
    elif line.startswith("-"):
        inside.discard(line[1:])
    elif line:
        print(f"{len(inside)} {min(inside)}" if inside else "nobody")
print("total", len(ever))
