length = int(raw_input())
planks = set(map(int, raw_input().split()))
total = [1] + [0] * length
end = dict((p, [0] * (length + 1)) for p in planks)
for here in xrange(1, length + 1):
    for p in planks:
        if p <= here:
            end[p][here] = total[here - p] - end[p][here - p]
            total[here] += end[p][here]
print total[length]
