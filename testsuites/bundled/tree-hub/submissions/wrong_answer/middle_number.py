# Bug: takes the huts for a line in the order of their numbers, as in the example.
def hub(n, paths):
    return (n - 1) // 2
