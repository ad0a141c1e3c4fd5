import sys

inside = set()
ever = set()
for line in sys.stdin.buffer.read().decode("utf-8").split("\n"):
    sign, name = line[:1], line[1:]
    if sign == "+":
        inside.add(name)
        ever.add(name)
    elif sign == "-":
        inside.discard(name)
    elif sign == "?":
        print(f"{len(inside)} {min(inside)}" if inside else "nobody")
print("total", len(ever))
