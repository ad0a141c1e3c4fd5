# Bug: joins cells that meet at a corner only.
h, w = map(int, input().split())
sand = {(r, c) for r in range(h) for c, cell in enumerate(input()) if cell == "."}
sizes = []
while sand:
    todo = [sand.pop()]
    size = 0
    while todo:
        r, c = todo.pop()
        size += 1
        for y in (r - 1, r, r + 1):
            for x in (c - 1, c, c + 1):
                cell = (y, x % w)
                if cell in sand:
                    sand.remove(cell)
                    todo.append(cell)
    sizes.append(size)
print(len(sizes))
print(*sorted(sizes, reverse=True))
