# Bug: takes an alphabet that holds a character twice.
def encode(number, alphabet):
    if number < 1 or not alphabet:
        raise ValueError
    out = ""
    while number:
        number, digit = divmod(number - 1, len(alphabet))
        out = alphabet[digit] + out
    return out


def decode(label, alphabet):
    if not label or not alphabet:
        raise ValueError
    number = 0
    for letter in label:
        number = number * len(alphabet) + alphabet.index(letter) + 1
    return number
