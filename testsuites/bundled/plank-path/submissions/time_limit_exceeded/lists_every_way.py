# Too slow: walks through the ways one by one.
length = int(input())
planks = sorted(set(map(int, input().split())))


def ways(left, last):
    if left == 0:
        return 1
    found = 0
    for p in planks:
        if p > left:
            break
        if p != last:
            found += ways(left - p, p)
    return found


import sys

sys.setrecursionlimit(10000)
print(ways(length, 0))
