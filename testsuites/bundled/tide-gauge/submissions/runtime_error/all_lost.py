# Crashes when no reading is known.
import sys

words = sys.stdin.read().split()
n, q = int(words[0]), int(words[1])
raw = words[2 : 2 + n]
known = [i for i in range(n) if raw[i] != "?"]
level = [float(raw[known[0]])] * (known[0] + 1)
for p, s in zip(known, known[1:]):
    for i in range(p + 1, s + 1):
        level.append(float(raw[p]) + (float(raw[s]) - float(raw[p])) * (i - p) / (s - p))
level += [level[-1]] * (n - len(level))
total = [0.0]
for value in level:
    total.append(total[-1] + value)
for k in range(q):
    a, b = sorted(map(int, words[2 + n + 2 * k : 4 + n + 2 * k]))
    print((total[b] - total[a - 1]) / (b - a + 1))
print(n - len(known))
