# Turns round and round before it asks.
count = int(input())
while count:
    count += 1
