# Bug: forgets the rule about neighbours.
length = int(input())
planks = set(map(int, input().split()))
ways = [1] + [0] * length
for here in range(1, length + 1):
    ways[here] = sum(ways[here - p] for p in planks if p <= here)
print(ways[length])
