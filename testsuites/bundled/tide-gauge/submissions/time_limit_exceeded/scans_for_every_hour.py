# Too slow: looks for both known neighbours anew for every hour, quadratic in the length of a gap.
import sys

words = sys.stdin.read().split()
n, q = int(words[0]), int(words[1])
raw = words[2 : 2 + n]


def level(i):
    p = i
    while p >= 0 and raw[p] == "?":
        p -= 1
    s = i
    while s < n and raw[s] == "?":
        s += 1
    if p < 0 and s >= n:
        return None
    if p < 0:
        return float(raw[s])
    if s >= n or p == s:
        return float(raw[p])
    return float(raw[p]) + (float(raw[s]) - float(raw[p])) * (i - p) / (s - p)


total = [0.0]
for i in range(n):
    here = level(i)
    total.append(None if here is None else total[-1] + here)
    if here is None:
        break
for k in range(q):
    a, b = sorted(map(int, words[2 + n + 2 * k : 4 + n + 2 * k]))
    print("unknown" if total[-1] is None else (total[b] - total[a - 1]) / (b - a + 1))
print(raw.count("?"))
