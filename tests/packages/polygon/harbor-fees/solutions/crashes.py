# Cannot have no days at all.
input()
for days in map(int, input().split()):
    assert days > 0
    print(3 * days - max(days - 10, 0))
