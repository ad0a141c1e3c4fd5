def hub(n, paths):
    near = [set() for _ in range(n)]
    for a, b in paths:
        near[a].add(b)
        near[b].add(a)
    left = n
    leaves = [hut for hut in range(n) if len(near[hut]) <= 1]
    while left > 2:
        left -= len(leaves)
        outer, leaves = leaves, []
        for leaf in outer:
            inner = near[leaf].pop()
            near[inner].remove(leaf)
            if len(near[inner]) == 1:
                leaves.append(inner)
    return min(leaves)
