# Joins the lines.
import sys

print(*reversed(sys.stdin.read().splitlines()))
