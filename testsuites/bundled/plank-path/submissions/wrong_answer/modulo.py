# Bug: prints the answer modulo a prime that nobody asked for.
length = int(input())
planks = set(map(int, input().split()))
total = [1] + [0] * length
end = {p: [0] * (length + 1) for p in planks}
for here in range(1, length + 1):
    for p in planks:
        if p <= here:
            end[p][here] = (total[here - p] - end[p][here - p]) % 998244353
            total[here] = (total[here] + end[p][here]) % 998244353
print(total[length])
