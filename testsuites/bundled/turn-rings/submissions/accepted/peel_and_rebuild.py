def turn_rings(grid, steps):
    height, width = len(grid), len(grid[0]) if grid else 0
    seen = set()
    k = 0
    while len(seen) < height * width:
        r, c, dr, dc = k, k, 0, 1
        cells = []
        # Walk along the wall and turn right at corners until everything of this ring has been seen.
        while True:
            cells.append((r, c))
            seen.add((r, c))
            for _ in range(2):
                nr, nc = r + dr, c + dc
                inside = k <= nr < height - k and k <= nc < width - k
                border = nr in (k, height - k - 1) or nc in (k, width - k - 1)
                if inside and border and (nr, nc) not in seen:
                    break
                dr, dc = dc, -dr
            else:
                break
            r, c = nr, nc
        shift = steps % len(cells)
        values = [grid[r][c] for r, c in cells]
        values = values[-shift:] + values[:-shift] if shift else values
        for (r, c), value in zip(cells, values):
            grid[r][c] = value
        k += 1
        print("ring", k, "done:", values)
    return "whatever"
