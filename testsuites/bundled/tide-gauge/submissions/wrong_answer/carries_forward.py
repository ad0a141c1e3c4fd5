# Bug: fills a gap with the last known reading in place of a straight line.
import sys

words = sys.stdin.read().split()
n, q = int(words[0]), int(words[1])
raw = words[2 : 2 + n]
known = [word for word in raw if word != "?"]
level, current = [], float(known[0]) if known else 0.0
for word in raw:
    current = current if word == "?" else float(word)
    level.append(current)
for k in range(q):
    a, b = sorted(map(int, words[2 + n + 2 * k : 4 + n + 2 * k]))
    print(sum(level[a - 1 : b]) / (b - a + 1) if known else "unknown")
print(n - len(known))
