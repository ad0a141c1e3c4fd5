# Rounds to three digits.
count = int(input())
heights = list(map(int, input().split()))
print(f"{(heights[-1] - heights[0]) / (count - 1):.3f}" if count > 1 else 0)
