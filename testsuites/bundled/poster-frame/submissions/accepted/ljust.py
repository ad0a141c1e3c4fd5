import sys

lines = [line.rstrip() for line in sys.stdin]
width = max([len(line) for line in lines] + [0])
print("+{}+".format("-" * (width + 2)))
for line in lines:
    half = (width - len(line)) // 2
    print("| {} |".format((" " * half + line).ljust(width)))
print("+{}+".format("-" * (width + 2)))
