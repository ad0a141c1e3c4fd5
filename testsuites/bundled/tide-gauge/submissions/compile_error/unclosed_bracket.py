import sys

words = sys.stdin.read().split()
n, q = int(words[0]), int(words[1])
raw = words[2 : 2 + n]
known = [i for i in range(n) if raw[i] != "?"
print(n - len(known))
