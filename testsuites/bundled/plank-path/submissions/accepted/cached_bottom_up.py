from functools import lru_cache

L = int(input())
P = list(dict.fromkeys(map(int, input().split())))


@lru_cache(maxsize=None)
def count(left, last):
    global P
    return 1 if left == 0 else sum(count(left - p, p) for p in P if p <= left and p != last)


for shorter in range(L):
    for p in P:
        count(shorter, p)
print(count(L, None))
