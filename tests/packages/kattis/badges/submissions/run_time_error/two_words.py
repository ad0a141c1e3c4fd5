# Wants two words.
name = input()
first, second = name.split()
frame = "*" * len(name)
print(frame, name.title(), frame, sep="\n")
