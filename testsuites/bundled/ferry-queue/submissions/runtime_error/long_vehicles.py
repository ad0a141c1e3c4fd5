# Looks for a ferry with room by calling itself, and never finds one for a vehicle longer than the deck.
import sys

C, T, n, *rest = map(int, sys.stdin.read().split())
load = {}


def board(departure, metres):
    if load.get(departure, 0) + metres <= C:
        load[departure] = load.get(departure, 0) + metres
        return departure
    return board(departure + T, metres)


last = T
for A, m in zip(rest[0::2], rest[1::2]):
    last = board(max(last, -(-A // T) * T), m)
    print(last)
print(len(load))
