# Crashes on a map without sand.
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
sizes.sort()
largest = sizes.pop()
print(len(sizes) + 1)
print(largest, *reversed(sizes))
