print("".join(letter for letter in input() if letter.isalpha()))
