# Bug: drops the spaces at the beginning of a line.
import sys

lines = [line.strip() for line in sys.stdin]
width = max([len(line) for line in lines] + [0])
print("+" + "-" * (width + 2) + "+")
for line in lines:
    half = (width - len(line)) // 2
    print("| " + (" " * half + line).ljust(width) + " |")
print("+" + "-" * (width + 2) + "+")
