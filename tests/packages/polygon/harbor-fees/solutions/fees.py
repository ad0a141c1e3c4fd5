input()
for days in map(int, input().split()):
    print(3 * days - max(days - 10, 0))
