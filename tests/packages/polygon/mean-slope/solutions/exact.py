from fractions import Fraction

count = int(input())
heights = list(map(int, input().split()))
mean = Fraction(heights[-1] - heights[0], count - 1) if count > 1 else 0
print(f"{float(mean):+.9e}")
