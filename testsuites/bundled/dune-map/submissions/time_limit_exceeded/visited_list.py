# Too slow: keeps the visited cells in a list and searches it again and again.
h, w = map(int, input().split())
grid = [input() for _ in range(h)]
visited = []
sizes = []
for r in range(h):
    for c in range(w):
        if grid[r][c] == "." and (r, c) not in visited:
            visited.append((r, c))
            todo = [(r, c)]
            for y, x in todo:
                for cell in ((y - 1, x), (y + 1, x), (y, (x - 1) % w), (y, (x + 1) % w)):
                    if 0 <= cell[0] < h and grid[cell[0]][cell[1]] == "." and cell not in visited:
                        visited.append(cell)
                        todo.append(cell)
            sizes.append(len(todo))
print(len(sizes))
print(*sorted(sizes, reverse=True))
