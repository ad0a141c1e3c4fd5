import os
from collections import deque

chunks = []
while chunk := os.read(0, 65536):
    chunks.append(chunk)
C, T, n, *rest = map(int, b"".join(chunks).split())
answer = ["never"] * n
lane = deque((rest[2 * i], rest[2 * i + 1], i) for i in range(n) if rest[2 * i + 1] <= C)
now = 0
crossings = 0
while lane:
    # The next departure at which somebody waits.
    now = max(now + T, (lane[0][0] + T - 1) // T * T)
    free = C
    while lane and lane[0][0] <= now and lane[0][1] <= free:
        free -= lane[0][1]
        answer[lane.popleft()[2]] = now
    crossings += 1
print(*answer, crossings, sep="\r\n", end="\r\n")
