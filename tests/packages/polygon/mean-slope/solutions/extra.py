# Says more than was asked.
count = int(input())
heights = list(map(int, input().split()))
print((heights[-1] - heights[0]) / (count - 1) if count > 1 else 0, "metres")
