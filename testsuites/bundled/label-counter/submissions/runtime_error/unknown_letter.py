# Raises KeyError where ValueError was asked for.
def encode(number, alphabet):
    if number < 1 or not alphabet or len(set(alphabet)) < len(alphabet):
        raise ValueError
    out = []
    while number:
        number, digit = divmod(number - 1, len(alphabet))
        out.append(alphabet[digit])
    return "".join(out[::-1])


def decode(label, alphabet):
    value = {letter: i for i, letter in enumerate(alphabet, 1)}
    if not label or not alphabet or len(value) < len(alphabet):
        raise ValueError
    number = 0
    for letter in label:
        number = number * len(alphabet) + value[letter]
    return number
