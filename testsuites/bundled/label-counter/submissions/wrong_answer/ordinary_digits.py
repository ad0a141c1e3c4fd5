# Bug: counts like ordinary digits, where the first letter is a zero.
def encode(number, alphabet):
    if number < 1 or not alphabet or len(set(alphabet)) < len(alphabet):
        raise ValueError
    number -= 1
    out = alphabet[number % len(alphabet)]
    if len(alphabet) == 1:
        return out * (number + 1)
    number //= len(alphabet)
    while number:
        out = alphabet[number % len(alphabet)] + out
        number //= len(alphabet)
    return out


def decode(label, alphabet):
    if not label or not alphabet or len(set(alphabet)) < len(alphabet):
        raise ValueError
    number = 0
    for letter in label:
        number = number * len(alphabet) + alphabet.index(letter)
    return number + 1
