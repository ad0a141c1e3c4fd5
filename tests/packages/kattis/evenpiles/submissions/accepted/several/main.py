from solving import solve

solve()
