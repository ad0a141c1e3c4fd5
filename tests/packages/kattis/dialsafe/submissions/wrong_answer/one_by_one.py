# Turns too often.
size, turns = map(int, input().split())
for position in range(1, size + 1):
    print(position, flush=True)
    if input() == "open":
        break
