# Bug: the top row touches the bottom row, because index -1 is taken as it comes.
h, w = map(int, input().split())
grid = [list(input()) for _ in range(h)]
sizes = []
for r in range(h):
    for c in range(w):
        if grid[r][c] != ".":
            continue
        grid[r][c] = "#"
        todo, size = [(r, c)], 0
        while todo:
            y, x = todo.pop()
            size += 1
            for dy, dx in ((-1, 0), (1, 0), (0, -1), (0, 1)):
                ny, nx = (y + dy) % h, (x + dx) % w
                if grid[ny][nx] == ".":
                    grid[ny][nx] = "#"
                    todo.append((ny, nx))
        sizes.append(size)
print(len(sizes))
print(*sorted(sizes, reverse=True))
