# Bug: the hut with the most paths need not be in the middle.
def hub(n, paths):
    degree = [0] * n
    for a, b in paths:
        degree[a] += 1
        degree[b] += 1
    return degree.index(max(degree))
