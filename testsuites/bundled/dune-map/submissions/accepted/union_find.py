h, w = map(int, input().split())
grid = [input() for _ in range(h)]
parent = list(range(h * w))


def find(a):
    while parent[a] != a:
        parent[a] = parent[parent[a]]
        a = parent[a]
    return a


for r in range(h):
    for c in range(w):
        if grid[r][c] == ".":
            if grid[r][c - 1] == ".":
                parent[find(r * w + c)] = find(r * w + (c - 1) % w)
            if r and grid[r - 1][c] == ".":
                parent[find(r * w + c)] = find((r - 1) * w + c)
count = {}
for r in range(h):
    for c in range(w):
        if grid[r][c] == ".":
            root = find(r * w + c)
            count[root] = count.get(root, 0) + 1
print(len(count))
print(" ".join(map(str, sorted(count.values())[::-1])))
