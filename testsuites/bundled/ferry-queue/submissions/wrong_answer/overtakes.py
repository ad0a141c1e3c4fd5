# Bug: a shorter vehicle slips past one that does not fit.
import sys

C, T, n, *rest = map(int, sys.stdin.read().split())
answer = ["never"] * n
lane = [(rest[2 * i], rest[2 * i + 1], i) for i in range(n) if rest[2 * i + 1] <= C]
now = crossings = 0
while lane:
    now = max(now + T, -(-lane[0][0] // T) * T)
    free, stay = C, []
    for k, (arrival, metres, i) in enumerate(lane):
        if arrival > now or free == 0:
            stay += lane[k:]
            break
        if metres <= free:
            free -= metres
            answer[i] = now
        else:
            stay.append((arrival, metres, i))
    lane = stay
    crossings += 1
print(*answer, crossings, sep="\n")
