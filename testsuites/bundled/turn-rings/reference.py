def ring(top, left, bottom, right):
    """Cells of one ring, clockwise from its top left corner."""
    if top == bottom:
        return [(top, c) for c in range(left, right + 1)]
    if left == right:
        return [(r, left) for r in range(top, bottom + 1)]
    return (
        [(top, c) for c in range(left, right)]
        + [(r, right) for r in range(top, bottom)]
        + [(bottom, c) for c in range(right, left, -1)]
        + [(r, left) for r in range(bottom, top, -1)]
    )


def turn_rings(grid, steps):
    height = len(grid)
    width = len(grid[0]) if grid else 0
    for k in range((min(height, width) + 1) // 2):
        cells = ring(k, k, height - 1 - k, width - 1 - k)
        values = [grid[r][c] for r, c in cells]
        for i, (r, c) in enumerate(cells):
            grid[r][c] = values[(i - steps) % len(cells)]
