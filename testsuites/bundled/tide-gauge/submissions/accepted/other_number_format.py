import sys


def solve():
    n, q = map(int, input().split())
    raw = input().split()
    before = [None] * n
    last = None
    for i in range(n):
        if raw[i] != "?":
            last = i
        before[i] = last
    after = [None] * n
    last = None
    for i in range(n - 1, -1, -1):
        if raw[i] != "?":
            last = i
        after[i] = last
    level = []
    for i in range(n):
        p, s = before[i], after[i]
        if p is None and s is None:
            level = None
            break
        if p is None or s is None or p == s:
            level.append(float(raw[s if p is None else p]))
        else:
            share = (i - p) / (s - p)
            level.append(float(raw[p]) * (1 - share) + float(raw[s]) * share)
    for _ in range(q):
        a, b = map(int, input().split())
        if a > b:
            a, b = b, a
        if level is None:
            print("unknown   ")
        else:
            part = level[a - 1 : b]
            print(f"{sum(part) / len(part):.12e} ")
    print(raw.count("?"))


solve()
sys.exit()
