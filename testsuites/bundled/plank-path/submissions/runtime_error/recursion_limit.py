# Runs into the recursion limit on a long path.
length = int(input())
planks = set(map(int, input().split()))
memo = {}


def ways(left, last):
    if left == 0:
        return 1
    key = (left, last)
    if key not in memo:
        found = 0
        for p in planks:
            if p <= left and p != last:
                found += ways(left - p, p)
        memo[key] = found
    return memo[key]


print(ways(length, 0))
