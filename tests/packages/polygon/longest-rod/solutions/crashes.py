# Compares the first two rods, which is too many for one.
count = int(input())
assert count > 1
best = 1
for other in range(2, count + 1):
    print("?", best, other, flush=True)
    if input() == "<":
        best = other
print("!", best, flush=True)
