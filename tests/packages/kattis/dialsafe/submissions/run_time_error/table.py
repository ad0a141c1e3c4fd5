# Has a table for small dials only.
size, turns = map(int, input().split())
table = list(range(1, 101))
low, high = 1, size
while True:
    middle = table[(low + high) // 2 - 1]
    print(middle, flush=True)
    said = input()
    if said == "open":
        break
    if said == "right":
        low = middle + 1
    else:
        high = middle - 1
