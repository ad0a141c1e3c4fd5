import sys


def main():
    text = sys.stdin.buffer.read().decode("utf-8")
    lines = [line.rstrip(" ") for line in text.split("\n")[:-1]]
    width = max(map(len, lines), default=0)
    edge = "+" + "-" * (width + 2) + "+"
    out = [edge]
    for line in lines:
        left = (width - len(line)) // 2
        right = width - len(line) - left
        out.append("| " + " " * left + line + " " * right + " |")
    out.append(edge)
    sys.stdout.buffer.write(("\n".join(out) + "\n").encode("utf-8"))


main()
