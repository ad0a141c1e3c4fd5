# Too slow: works out the distances between all huts in cubic time.
def hub(n, paths):
    far = [[n] * n for _ in range(n)]
    for i in range(n):
        far[i][i] = 0
    for a, b in paths:
        far[a][b] = far[b][a] = 1
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if far[i][k] + far[k][j] < far[i][j]:
                    far[i][j] = far[i][k] + far[k][j]
    return min(range(n), key=lambda i: max(far[i]))
