import sys

size, turns = map(int, sys.stdin.readline().split())
low, width = 1, size
for _ in range(turns):
    step = (width + 1) // 2
    sys.stdout.write(f"{low + step - 1}\n")
    sys.stdout.flush()
    said = sys.stdin.readline().strip()
    if said == "open":
        break
    if said == "right":
        low, width = low + step, width - step
    else:
        width = step - 1
