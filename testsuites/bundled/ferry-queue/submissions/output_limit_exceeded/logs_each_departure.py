# Prints a line for every departure, empty ones too, and there can be very many.
import sys

C, T, n, *rest = map(int, sys.stdin.read().split())
lane = [(rest[2 * i], rest[2 * i + 1], i) for i in range(n) if rest[2 * i + 1] <= C]
departure = head = crossings = 0
while head < len(lane):
    departure += T
    free = C
    print("debug: departure at", departure, "with", len(lane) - head, "vehicles still to be carried over the water")
    if lane[head][0] <= departure:
        crossings += 1
    while head < len(lane) and lane[head][0] <= departure and lane[head][1] <= free:
        free -= lane[head][1]
        head += 1
print(crossings)
