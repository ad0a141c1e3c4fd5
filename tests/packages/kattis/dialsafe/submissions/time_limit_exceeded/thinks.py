# Thinks about the first turn for ever.
size, turns = map(int, input().split())
position = 0
while True:
    position = (position + 1) % size
