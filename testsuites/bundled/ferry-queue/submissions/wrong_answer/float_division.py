# Bug: divides with floats, which is off by whole departures for late arrivals.
import math
import sys

C, T, n, *rest = map(int, sys.stdin.read().split())
departure = space = crossings = 0
for A, m in zip(rest[0::2], rest[1::2]):
    if m > C:
        print("never")
        continue
    first = max(1, math.ceil(A / T)) * T
    if first > departure:
        departure, space, crossings = first, C, crossings + 1
    elif m > space:
        departure, space, crossings = departure + T, C, crossings + 1
    space -= m
    print(departure)
print(crossings)
