# Case and lines do not matter here.
input()
print(*("nO" if pushes % 2 else "YES" for pushes in map(int, input().split())))
