# Leaves the case as it is.
name = input()
frame = "*" * len(name)
print(frame, name, frame, sep="\n")
