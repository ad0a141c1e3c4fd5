input()
print(*(3 * min(days, 10) + 2 * max(days - 10, 0) for days in map(int, input().split())))
