# Bug: the fire never spreads back to the left.
import sys

data = list(map(int, sys.stdin.read().split()))
n = data[0]
if n == 0:
    print("0 0")
    sys.exit(0)
lanterns = list(zip(data[1::2], data[2::2]))
start = lanterns[0][0]
low = start - lanterns[0][1]
high = start + lanterns[0][1]
count = 0
seen = []
for x, r in sorted(lanterns):
    if low <= x <= high:
        seen.append(x)
        high = max(high, x + r)
print(len(seen), seen[-1] - seen[0])
