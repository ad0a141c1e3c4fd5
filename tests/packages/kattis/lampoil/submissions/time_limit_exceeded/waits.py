# Counts the oil down in steps that become too small to count.
oil = 1.0
while oil > 0.0:
    oil += 1e-300
print(oil)
