# Bug: treats reach as mutual and joins lanterns that are lit by either side.
import sys

data = list(map(int, sys.stdin.read().split()))
lanterns = list(zip(data[1::2], data[2::2]))
lit, todo, rest = [], lanterns[:1], lanterns[1:]
while todo:
    x, r = todo.pop()
    lit.append(x)
    near = [(y, s) for y, s in rest if abs(x - y) <= max(r, s)]
    rest = [(y, s) for y, s in rest if abs(x - y) > max(r, s)]
    todo += near
print(len(lit), max(lit, default=0) - min(lit, default=0))
