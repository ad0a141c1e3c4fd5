# Bug: rounds to two decimals.
import sys

words = sys.stdin.read().split()
n, q = int(words[0]), int(words[1])
raw = words[2 : 2 + n]
known = [i for i in range(n) if raw[i] != "?"]
if not known:
    print("unknown\n" * q + str(n))
    sys.exit()
level = []
left = 0
for i in range(n):
    while left + 1 < len(known) and known[left + 1] <= i:
        left += 1
    p = known[left]
    if i <= p or left + 1 == len(known):
        level.append(float(raw[p]))
    else:
        s = known[left + 1]
        level.append(float(raw[p]) + (float(raw[s]) - float(raw[p])) * (i - p) / (s - p))
total = [0.0]
for value in level:
    total.append(total[-1] + value)
for k in range(q):
    a, b = sorted(map(int, words[2 + n + 2 * k : 4 + n + 2 * k]))
    print("%.2f" % ((total[b] - total[a - 1]) / (b - a + 1)))
print(n - len(known))
