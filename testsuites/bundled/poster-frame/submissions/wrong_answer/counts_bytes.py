# Bug: counts bytes for width.
import sys

lines = [line.rstrip(b" \n") for line in sys.stdin.buffer]
width = max([len(line) for line in lines] + [0])
edge = b"+" + b"-" * (width + 2) + b"+"
out = [edge]
for line in lines:
    half = (width - len(line)) // 2
    out.append(b"| " + (b" " * half + line).ljust(width) + b" |")
sys.stdout.buffer.write(b"\n".join(out + [edge]) + b"\n")
