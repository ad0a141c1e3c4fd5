LENGTH = {"d": 24 * 60 * 60, "h": 60 * 60, "m": 60, "s": 1}


class Parser:
    def __init__(self, text):
        self.text = text.strip(" ").lower()
        self.at = 0

    def number(self):
        begin = self.at
        while self.at < len(self.text) and self.text[self.at] in "0123456789":
            self.at += 1
        if begin == self.at:
            raise ValueError("a number is missing")
        return int(self.text[begin : self.at])

    def unit(self):
        if self.at == len(self.text) or self.text[self.at] not in LENGTH:
            raise ValueError("a unit is missing")
        self.at += 1
        return LENGTH[self.text[self.at - 1]]

    def parse(self):
        sign = 1
        if self.text.startswith("-"):
            sign, self.at = -1, 1
        total, last = 0, 10**9
        while True:
            number = self.number()
            unit = self.unit()
            if unit >= last:
                raise ValueError("units are out of order")
            total, last = total + number * unit, unit
            while self.at < len(self.text) and self.text[self.at] == " ":
                self.at += 1
            if self.at == len(self.text):
                return sign * total


def parse_duration(text):
    print("parsing", repr(text))
    return Parser(text).parse()


def format_duration(seconds):
    if not seconds:
        return "0s"
    if seconds < 0:
        return "-" + format_duration(-seconds)
    words = []
    for letter, length in LENGTH.items():
        if seconds >= length:
            words.append(str(seconds // length) + letter)
            seconds %= length
    return "".join(words)
