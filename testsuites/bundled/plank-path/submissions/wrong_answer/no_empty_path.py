# Bug: says that an empty path cannot be covered.
length = int(input())
planks = set(map(int, input().split()))
end = {p: [0] * (length + 1) for p in planks}
total = [0] * (length + 1)
for here in range(1, length + 1):
    for p in planks:
        if p == here:
            end[p][here] = 1
        elif p < here:
            end[p][here] = total[here - p] - end[p][here - p]
        total[here] += end[p][here]
print(total[length])
