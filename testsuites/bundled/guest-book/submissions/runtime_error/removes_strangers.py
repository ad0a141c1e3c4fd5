# Crashes when somebody leaves who is not in.
import sys

inside, ever = set(), set()
for line in sys.stdin.read().split("\n"):
    if line.startswith("+"):
        inside.add(line[1:])
        ever.add(line[1:])
    elif line.startswith("-"):
        inside.remove(line[1:])
    elif line:
        print(f"{len(inside)} {min(inside)}" if inside else "nobody")
print("total", len(ever))
