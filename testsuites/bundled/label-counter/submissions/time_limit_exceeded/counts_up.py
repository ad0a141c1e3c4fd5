# Too slow: writes down all the labels up to the wanted one.
from itertools import count, product


def labels(alphabet):
    for length in count(1):
        for letters in product(alphabet, repeat=length):
            yield "".join(letters)


def encode(number, alphabet):
    if number < 1 or not alphabet or len(set(alphabet)) < len(alphabet):
        raise ValueError
    for i, label in enumerate(labels(alphabet), 1):
        if i == number:
            return label


def decode(label, alphabet):
    if not label or not alphabet or set(label) - set(alphabet) or len(set(alphabet)) < len(alphabet):
        raise ValueError
    for i, other in enumerate(labels(alphabet), 1):
        if other == label:
            return i
