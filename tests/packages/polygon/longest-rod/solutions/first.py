# Takes the first, and asks nothing.
input()
print("! 1")
