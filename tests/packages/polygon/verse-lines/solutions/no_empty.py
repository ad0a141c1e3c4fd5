# Loses the empty line.
import sys

print(*reversed(sys.stdin.read().split("\n\n")), sep="\n")
