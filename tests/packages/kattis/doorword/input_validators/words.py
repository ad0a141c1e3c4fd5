import sys

sys.exit(42 if sys.stdin.read().split() else 43)
