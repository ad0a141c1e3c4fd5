# Says more than was asked.
word, turn = input().split()
turn = int(turn) % len(word)
turned = word[turn:] + word[:turn]
print(turned, "open" if turned == word else "shut", "!")
