# Too slow: looks at every pair again until nothing changes, cubic on a chain.
import sys

data = list(map(int, sys.stdin.read().split()))
n = data[0] if data else 0
x = data[1::2]
r = data[2::2]
lit = [i == 0 for i in range(n)]
changed = n > 0
while changed:
    changed = False
    before = lit[:]
    for i in range(n):
        for j in range(n):
            if before[i] and not lit[j] and abs(x[i] - x[j]) <= r[i]:
                lit[j] = True
                changed = True
places = [x[i] for i in range(n) if lit[i]]
print(len(places), max(places) - min(places) if places else 0)
