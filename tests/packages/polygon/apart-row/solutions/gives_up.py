# Says that there is no row.
print(-1)
