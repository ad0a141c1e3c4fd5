# Bug: sorts in the wrong direction.
h, w = map(int, input().split())
sand = {(r, c) for r in range(h) for c, cell in enumerate(input()) if cell == "."}
sizes = []
while sand:
    todo = [sand.pop()]
    for r, c in todo:
        for cell in ((r - 1, c), (r + 1, c), (r, (c - 1) % w), (r, (c + 1) % w)):
            if cell in sand:
                sand.remove(cell)
                todo.append(cell)
    sizes.append(len(todo))
print(len(sizes))
print(*sorted(sizes))
