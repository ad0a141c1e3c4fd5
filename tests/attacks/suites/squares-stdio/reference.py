for n in range(1, int(input()) + 1):
    print(n * n)
