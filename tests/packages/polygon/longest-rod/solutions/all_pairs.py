# Asks about all pairs, too many.
count = int(input())
losses = [0] * (count + 1)
for first in range(1, count + 1):
    for second in range(1, count + 1):
        print("?", first, second, flush=True)
        losses[first] += input() == "<"
print("!", losses.index(0, 1), flush=True)
