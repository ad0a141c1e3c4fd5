class Book:
    def __init__(self):
        self.rooms = {}
        self.total = set()

    def question(self):
        names = sorted(self.rooms)
        return f"{len(names)} {names[0]}" if names else "nobody"


book = Book()
while True:
    try:
        entry = input()
    except EOFError:
        break
    if entry.startswith("+"):
        book.rooms[entry[1:]] = True
        book.total.add(entry[1:])
    elif entry.startswith("-"):
        book.rooms.pop(entry[1:], None)
    else:
        print(book.question())
print("total %d" % len(book.total))
quit()
