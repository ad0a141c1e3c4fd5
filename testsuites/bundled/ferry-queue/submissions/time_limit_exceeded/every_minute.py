# Too slow: the clock ticks one unit at a time.
import sys

C, T, n, *rest = map(int, sys.stdin.read().split())
answer = ["never"] * n
lane = [(rest[2 * i], rest[2 * i + 1], i) for i in range(n) if rest[2 * i + 1] <= C]
clock = head = crossings = 0
while head < len(lane):
    clock += 1
    if clock % T == 0:
        free = C
        before = head
        while head < len(lane) and lane[head][0] <= clock and lane[head][1] <= free:
            free -= lane[head][1]
            answer[lane[head][2]] = clock
            head += 1
        crossings += head > before
print(*answer, crossings, sep="\n")
