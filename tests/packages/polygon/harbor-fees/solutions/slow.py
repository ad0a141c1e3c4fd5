# Counts the days one by one, too many of them.
input()
for days in map(int, input().split()):
    paid = 0
    for day in range(days):
        paid += 3 if day < 10 else 2
    print(paid)
