# Bug: str.center puts the extra space on either side, depending on the width.
import sys

lines = [line.rstrip() for line in sys.stdin]
width = max([len(line) for line in lines] + [0])
print("+" + "-" * (width + 2) + "+")
for line in lines:
    print("| " + line.center(width) + " |")
print("+" + "-" * (width + 2) + "+")
