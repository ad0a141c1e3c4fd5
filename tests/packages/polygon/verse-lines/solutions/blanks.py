# Blanks at the ends of lines do not matter here.
import sys

for line in reversed(sys.stdin.read().splitlines()):
    print("", line, "\t")
print()
