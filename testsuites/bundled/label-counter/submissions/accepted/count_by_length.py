class Alphabet:
    def __init__(self, letters):
        self.place = {letter: i for i, letter in enumerate(letters)}
        if not letters or len(self.place) < len(letters):
            raise ValueError("bad alphabet")
        self.letters = letters
        self.base = len(letters)

    def encode(self, number):
        if number <= 0:
            raise ValueError("bad number")
        length, block = 1, self.base
        number -= 1
        while number >= block:
            number -= block
            block *= self.base
            length += 1
        out = [None] * length
        for i in range(length - 1, -1, -1):
            out[i] = self.letters[number % self.base]
            number //= self.base
        return "".join(out)

    def decode(self, label):
        total, weight = 0, 1
        if label == "":
            raise ValueError("empty label")
        for letter in label[::-1]:
            if letter not in self.place:
                raise ValueError("unknown letter")
            total += (self.place[letter] + 1) * weight
            weight *= self.base
        return total


def encode(number, alphabet):
    return Alphabet(alphabet).encode(number)


def decode(label, alphabet):
    return Alphabet(alphabet).decode(label)
