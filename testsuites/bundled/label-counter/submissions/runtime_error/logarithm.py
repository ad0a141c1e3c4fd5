# Crashes on an alphabet of a single character, whose logarithm is zero.
import math


def encode(number, alphabet):
    if number < 1 or not alphabet or len(set(alphabet)) < len(alphabet):
        raise ValueError
    base = len(alphabet)
    length = int(math.log(number * (base - 1) + 1) / math.log(base))
    while (base**length - 1) // (base - 1) > number:
        length -= 1
    while (base ** (length + 1) - 1) // (base - 1) <= number:
        length += 1
    number -= (base**length - 1) // (base - 1)
    out = ""
    for _ in range(length):
        out = alphabet[number % base] + out
        number //= base
    return out


def decode(label, alphabet):
    if not label or not alphabet or len(set(alphabet)) < len(alphabet):
        raise ValueError
    number = 0
    for letter in label:
        number = number * len(alphabet) + alphabet.index(letter) + 1
    return number
