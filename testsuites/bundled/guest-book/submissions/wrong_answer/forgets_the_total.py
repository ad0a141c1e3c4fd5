# Bug: a right beginning, and the last line is missing.
import sys

inside = set()
for line in sys.stdin:
    line = line.rstrip("\n")
    if line[0] == "+":
        inside.add(line[1:])
    elif line[0] == "-":
        inside.discard(line[1:])
    else:
        print(f"{len(inside)} {min(inside)}" if inside else "nobody")
