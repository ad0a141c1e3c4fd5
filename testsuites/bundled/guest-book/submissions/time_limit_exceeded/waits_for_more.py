# Never ends: goes on asking for input after its end.
inside, ever = set(), set()
ended = False
while not ended:
    try:
        entry = input()
    except EOFError:
        continue
    if entry.startswith("+"):
        inside.add(entry[1:])
        ever.add(entry[1:])
    elif entry.startswith("-"):
        inside.discard(entry[1:])
    elif entry.startswith("?"):
        print(f"{len(inside)} {min(inside)}" if inside else "nobody")
    else:
        ended = True
print("total", len(ever))
