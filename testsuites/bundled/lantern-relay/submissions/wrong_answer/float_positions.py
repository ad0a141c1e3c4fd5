# Bug: positions as floats, which hold only 53 bits.
import sys

data = list(map(float, sys.stdin.read().split()))
n = int(data[0])
lanterns = list(zip(data[1::2], data[2::2]))
todo = lanterns[:1]
rest = lanterns[1:]
lit = []
while todo:
    x, r = todo.pop()
    lit.append(x)
    todo += [other for other in rest if abs(other[0] - x) <= r]
    rest = [other for other in rest if abs(other[0] - x) > r]
print(len(lit), int(max(lit, default=0) - min(lit, default=0)))
