# Finds another row.
size = int(input())
row = [*range(2, size + 1, 2), *range(1, size + 1, 2)]
print(*(reversed(row) if size not in (2, 3) else [-1]))
