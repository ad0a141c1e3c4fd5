# Bug: divides with floats, which is off for numbers beyond 2**53.
def encode(number, alphabet):
    if number < 1 or not alphabet or len(set(alphabet)) < len(alphabet):
        raise ValueError
    out = ""
    while number:
        digit = (number - 1) % len(alphabet)
        number = int((number - 1) / len(alphabet))
        out = alphabet[digit] + out
    return out


def decode(label, alphabet):
    if not label or not alphabet or len(set(alphabet)) < len(alphabet):
        raise ValueError
    number = 0
    for letter in label:
        number = number * len(alphabet) + alphabet.index(letter) + 1
    return number
