# Does not part neighbours.
size = int(input())
print(*(range(1, size + 1) if size not in (2, 3) else [-1]))
