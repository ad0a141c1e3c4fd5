# Loses the second of two spaces.
name = input()
frame = "*" * len(name)
print(frame, " ".join(name.title().split()), frame, sep="\n")
