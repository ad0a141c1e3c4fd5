# Says that all are open.
for _ in range(int(input())):
    print("Yes")
