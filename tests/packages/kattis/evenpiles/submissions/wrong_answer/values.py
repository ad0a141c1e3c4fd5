# Prints what coins are worth, not which they are.
count = int(input())
coins = list(map(int, input().split()))
for mask in range(1, 2**count - 1):
    chosen = [number for number in range(count) if mask >> number & 1]
    if 2 * sum(coins[number] for number in chosen) == sum(coins):
        print(*(coins[number] for number in chosen))
        break
else:
    print("impossible")
