# Bug: a single row or column in the middle is not turned.
def turn_rings(grid, steps):
    height, width = len(grid), len(grid[0]) if grid else 0
    for k in range(min(height, width) // 2):
        a, b = height - 1 - k, width - 1 - k
        cells = [(k, c) for c in range(k, b)] + [(r, b) for r in range(k, a)]
        cells += [(a, c) for c in range(b, k, -1)] + [(r, k) for r in range(a, k, -1)]
        values = [grid[r][c] for r, c in cells]
        for i, (r, c) in enumerate(cells):
            grid[r][c] = values[(i - steps) % len(cells)]
