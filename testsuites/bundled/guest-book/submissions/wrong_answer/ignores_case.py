# Bug: takes Ana and ana for one guest.
import sys

inside, ever = {}, set()
for line in sys.stdin:
    line = line.rstrip("\n")
    key = line[1:].lower()
    if line[0] == "+":
        inside.setdefault(key, line[1:])
        ever.add(key)
    elif line[0] == "-":
        inside.pop(key, None)
    else:
        print(f"{len(inside)} {min(inside.values())}" if inside else "nobody")
print("total", len(ever))
