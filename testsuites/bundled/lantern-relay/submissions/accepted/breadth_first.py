from collections import deque

numbers = [int(word) for line in open(0) for word in line.split()]
n = numbers[0] if numbers else 0
lanterns = [(numbers[1 + 2 * i], numbers[2 + 2 * i]) for i in range(n)]
waiting = set(range(1, n))
queue = deque([0] if n else [])
burning = []
while queue:
    i = queue.popleft()
    x, r = lanterns[i]
    burning.append(x)
    caught = [j for j in waiting if -r <= lanterns[j][0] - x <= r]
    waiting.difference_update(caught)
    queue.extend(caught)
print(len(burning), max(burning, default=0) - min(burning, default=0))
exit()
