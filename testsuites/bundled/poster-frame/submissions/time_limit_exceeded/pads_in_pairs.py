# Never ends for a line that cannot be centred exactly.
import sys

lines = [line.rstrip() for line in sys.stdin]
width = max([len(line) for line in lines] + [0])
print("+" + "-" * (width + 2) + "+")
for line in lines:
    left = right = 0
    while left + len(line) + right != width:
        left += 1
        right += 1
    print("| " + " " * left + line + " " * right + " |")
print("+" + "-" * (width + 2) + "+")
