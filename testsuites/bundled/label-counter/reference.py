def check(alphabet):
    if not alphabet or len(set(alphabet)) != len(alphabet):
        raise ValueError("an alphabet needs different characters")


def encode(number, alphabet):
    check(alphabet)
    if number < 1:
        raise ValueError("labels are numbered from 1")
    letters = []
    while number:
        number, digit = divmod(number - 1, len(alphabet))
        letters.append(alphabet[digit])
    return "".join(reversed(letters))


def decode(label, alphabet):
    check(alphabet)
    if not label:
        raise ValueError("an empty label has no number")
    number = 0
    for letter in label:
        number = number * len(alphabet) + alphabet.index(letter) + 1
    return number
