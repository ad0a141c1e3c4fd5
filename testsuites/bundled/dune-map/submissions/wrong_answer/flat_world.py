# Bug: does not wrap around.
h, w = map(int, input().split())
sand = {(r, c) for r in range(h) for c, cell in enumerate(input()) if cell == "."}
sizes = []
while sand:
    todo = [sand.pop()]
    size = 0
    while todo:
        r, c = todo.pop()
        size += 1
        for cell in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
            if cell in sand:
                sand.remove(cell)
                todo.append(cell)
    sizes.append(size)
print(len(sizes))
print(*sorted(sizes, reverse=True))
