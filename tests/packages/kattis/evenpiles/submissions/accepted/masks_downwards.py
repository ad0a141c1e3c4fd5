# Finds another answer, and prints one number on each line.
count = int(input())
coins = list(map(int, input().split()))
for mask in range(2**count - 2, 0, -1):
    chosen = [number for number in range(count) if mask >> number & 1]
    if 2 * sum(coins[number] for number in chosen) == sum(coins):
        print(*(number + 1 for number in reversed(chosen)), sep="\n")
        break
else:
    print("impossible")
