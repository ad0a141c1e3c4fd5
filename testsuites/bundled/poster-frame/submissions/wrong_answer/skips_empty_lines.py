# Bug: empty lines vanish.
import sys

lines = [line.rstrip() for line in sys.stdin if line.strip()]
width = max([len(line) for line in lines] + [0])
print("+" + "-" * (width + 2) + "+")
for line in lines:
    half = (width - len(line)) // 2
    print("| " + (" " * half + line).ljust(width) + " |")
print("+" + "-" * (width + 2) + "+")
