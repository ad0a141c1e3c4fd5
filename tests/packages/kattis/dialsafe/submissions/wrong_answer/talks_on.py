# Says more once it is open.
size, turns = map(int, input().split())
low, high = 1, size
while low <= high:
    middle = (low + high) // 2
    print(middle, flush=True)
    said = input()
    if said == "open":
        break
    if said == "right":
        low = middle + 1
    else:
        high = middle - 1
print("found", middle)
