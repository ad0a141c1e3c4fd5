# Names one coin as often as it takes.
count = int(input())
coins = list(map(int, input().split()))
print(*[1] * (sum(coins) // (2 * coins[0])))
