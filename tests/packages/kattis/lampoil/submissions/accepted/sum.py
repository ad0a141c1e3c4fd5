hours = 0.0
for _ in range(int(input())):
    oil, burnt = map(float, input().split())
    hours += oil / burnt
print(hours)
