import sys

print(*reversed(sys.stdin.read().splitlines()), sep="\n")
