# Crashes on a text without lines.
import sys

lines = [line.rstrip() for line in sys.stdin]
width = max(len(line) for line in lines)
print("+" + "-" * (width + 2) + "+")
for line in lines:
    half = (width - len(line)) // 2
    print("| " + (" " * half + line).ljust(width) + " |")
print("+" + "-" * (width + 2) + "+")
