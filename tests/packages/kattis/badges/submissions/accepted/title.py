name = input()
frame = "*" * len(name)
print(frame, name.title(), frame, sep="\n")
