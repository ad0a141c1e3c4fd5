# Runs into the recursion limit on a long chain.
import sys

data = list(map(int, sys.stdin.read().split()))
n = data[0] if data else 0
lanterns = list(zip(data[1::2], data[2::2]))
lit = [False] * n


def light(i):
    lit[i] = True
    x, r = lanterns[i]
    for j in range(n):
        if not lit[j] and abs(lanterns[j][0] - x) <= r:
            light(j)


if n:
    light(0)
places = [lanterns[i][0] for i in range(n) if lit[i]]
print(len(places), max(places, default=0) - min(places, default=0))
