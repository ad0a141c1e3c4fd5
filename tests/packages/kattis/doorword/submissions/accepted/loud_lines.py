# Case and space do not matter here.
word, turn = input().split()
turn = int(turn) % len(word)
turned = word[turn:] + word[:turn]
print(turned.upper())
print("OPEN" if turned == word else "Shut")
