# Drops the part of an hour of each lamp.
hours = 0
for _ in range(int(input())):
    oil, burnt = map(int, input().split())
    hours += oil // burnt
print(hours)
