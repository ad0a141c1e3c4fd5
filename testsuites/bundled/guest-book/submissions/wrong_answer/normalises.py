# Bug: joins names that differ in their code points only.
import sys
import unicodedata

inside, ever = set(), set()
for line in sys.stdin:
    line = unicodedata.normalize("NFC", line.rstrip("\n"))
    if line[0] == "+":
        inside.add(line[1:])
        ever.add(line[1:])
    elif line[0] == "-":
        inside.discard(line[1:])
    else:
        print(f"{len(inside)} {min(inside)}" if inside else "nobody")
print("total", len(ever))
