import sys

count = int(sys.stdin.readline())
best = count
for other in range(count - 1, 0, -1):
    sys.stdout.write(f"? {other} {best}\n")
    sys.stdout.flush()
    if sys.stdin.readline().strip() == ">=":
        best = other
print("!", best)
