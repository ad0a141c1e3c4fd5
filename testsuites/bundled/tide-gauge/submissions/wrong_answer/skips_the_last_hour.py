# Bug: takes the range as half open.
import sys

words = sys.stdin.read().split()
n, q = int(words[0]), int(words[1])
raw = words[2 : 2 + n]
known = [i for i in range(n) if raw[i] != "?"]
level = [0.0] * n
if known:
    for i in range(n):
        if i <= known[0]:
            level[i] = float(raw[known[0]])
        elif i >= known[-1]:
            level[i] = float(raw[known[-1]])
    for p, s in zip(known, known[1:]):
        for i in range(p, s + 1):
            level[i] = float(raw[p]) + (float(raw[s]) - float(raw[p])) * (i - p) / (s - p)
for k in range(q):
    a, b = sorted(map(int, words[2 + n + 2 * k : 4 + n + 2 * k]))
    part = level[a - 1 : b - 1] or [level[a - 1]]
    print(sum(part) / len(part) if known else "unknown")
print(n - len(known))
