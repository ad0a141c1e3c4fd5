# Bug: a length that is given twice counts as two kinds of plank.
length = int(input())
planks = list(map(int, input().split()))
total = [1] + [0] * length
end = [[0] * (length + 1) for _ in planks]
for here in range(1, length + 1):
    for i, p in enumerate(planks):
        if p <= here:
            end[i][here] = total[here - p] - end[i][here - p]
            total[here] += end[i][here]
print(total[length])
