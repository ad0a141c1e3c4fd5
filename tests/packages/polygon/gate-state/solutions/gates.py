input()
for pushes in map(int, input().split()):
    print("No" if pushes % 2 else "Yes")
