# Bug: cuts a name at its first space.
import sys

inside, ever = set(), set()
for line in sys.stdin.read().splitlines():
    words = line[1:].split()
    name = words[0] if words else ""
    if line[0] == "+":
        inside.add(name)
        ever.add(name)
    elif line[0] == "-":
        inside.discard(name)
    else:
        print(f"{len(inside)} {min(inside)}" if inside else "nobody")
print("total", len(ever))
