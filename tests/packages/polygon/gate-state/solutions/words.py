# Says other words.
input()
for pushes in map(int, input().split()):
    print("shut" if pushes % 2 else "open")
