count = int(input())
best = 1
for other in range(2, count + 1):
    print("?", best, other, flush=True)
    if input() == "<":
        best = other
print("!", best, flush=True)
