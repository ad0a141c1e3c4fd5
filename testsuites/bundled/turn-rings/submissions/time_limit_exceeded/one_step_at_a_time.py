# Too slow: really makes every step.
def turn_rings(grid, steps):
    height, width = len(grid), len(grid[0]) if grid else 0
    forward = steps > 0
    for k in range((min(height, width) + 1) // 2):
        a, b = height - 1 - k, width - 1 - k
        cells = [(k, c) for c in range(k, b + 1)] + [(r, b) for r in range(k + 1, a + 1)]
        if a > k and b > k:
            cells += [(a, c) for c in range(b - 1, k - 1, -1)] + [(r, k) for r in range(a - 1, k, -1)]
        if not forward:
            cells.reverse()
        left = abs(steps)
        while left:
            last = grid[cells[-1][0]][cells[-1][1]]
            for (r, c), (y, x) in zip(cells[::-1], cells[-2::-1]):
                grid[r][c] = grid[y][x]
            grid[cells[0][0]][cells[0][1]] = last
            left -= 1
