# Holds a row of neighbours for every pair of cells.
import sys

h, w = map(int, input().split())
grid = "".join(input() for _ in range(h))
n = h * w
near = [[0] * n for _ in range(n)]
for i in range(n):
    r, c = divmod(i, w)
    for y, x in ((r - 1, c), (r + 1, c), (r, (c - 1) % w), (r, (c + 1) % w)):
        if 0 <= y < h and grid[i] == "." and grid[y * w + x] == ".":
            near[i][y * w + x] = 1
left = {i for i in range(n) if grid[i] == "."}
sizes = []
while left:
    todo = [left.pop()]
    for i in todo:
        found = [j for j in left if near[i][j]]
        left.difference_update(found)
        todo += found
    sizes.append(len(todo))
print(len(sizes))
print(*sorted(sizes, reverse=True))
sys.exit(0)
