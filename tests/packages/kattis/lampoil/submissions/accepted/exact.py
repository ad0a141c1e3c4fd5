from fractions import Fraction

hours = Fraction(0)
for _ in range(int(input())):
    oil, burnt = input().split()
    hours += Fraction(oil) / Fraction(burnt)
print(f"{float(hours):.6e}")
