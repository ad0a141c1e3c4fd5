# Runs into the recursion limit on a large basin.
h, w = map(int, input().split())
grid = [list(input()) for _ in range(h)]


def flood(r, c):
    if r < 0 or r == h or grid[r][c % w] != ".":
        return 0
    grid[r][c % w] = "#"
    return 1 + flood(r + 1, c % w) + flood(r - 1, c % w) + flood(r, c % w + 1) + flood(r, c % w - 1)


sizes = sorted((flood(r, c) for r in range(h) for c in range(w) if grid[r][c] == "."), reverse=True)
print(len(sizes))
print(*sizes)
