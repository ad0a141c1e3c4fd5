# Divides by zero where there is one height.
count = int(input())
heights = list(map(int, input().split()))
print((heights[-1] - heights[0]) / (count - 1))
