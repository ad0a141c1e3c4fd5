# Crashes on an empty grid.
def turn_rings(grid, steps):
    height, width = len(grid), len(grid[0])
    for k in range((min(height, width) + 1) // 2):
        a, b = height - 1 - k, width - 1 - k
        cells = [(k, c) for c in range(k, b + 1)] + [(r, b) for r in range(k + 1, a + 1)]
        if a > k and b > k:
            cells += [(a, c) for c in range(b - 1, k - 1, -1)] + [(r, k) for r in range(a - 1, k, -1)]
        values = [grid[r][c] for r, c in cells]
        for i, (r, c) in enumerate(cells):
            grid[r][c] = values[(i - steps) % len(cells)]
