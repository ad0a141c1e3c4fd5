# Takes the empty string at the end of the input for a question, for ever.
import sys

inside, ever = set(), set()
while True:
    entry = sys.stdin.readline()
    name = entry[1:].rstrip("\n")
    if entry.startswith("+"):
        inside.add(name)
        ever.add(name)
    elif entry.startswith("-"):
        inside.discard(name)
    else:
        print(f"{len(inside)} {min(inside)}" if inside else "nobody")
    if entry == "end":
        break
print("total", len(ever))
