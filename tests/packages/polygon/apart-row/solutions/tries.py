# Tries all rows in order.
from itertools import permutations

size = int(input())
for row in permutations(range(1, size + 1)):
    if all(abs(a - b) > 1 for a, b in zip(row, row[1:])):
        print(*row)
        break
else:
    print(-1)
