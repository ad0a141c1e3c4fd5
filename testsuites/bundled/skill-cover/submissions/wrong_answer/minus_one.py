# Bug: says -1 where None was asked for.
def smallest_crew(needed, people):
    order = sorted(needed)
    masks = {sum(1 << i for i, skill in enumerate(order) if skill in s) for s in people.values() if s is not None}
    full = (1 << len(order)) - 1
    best = {0: 0}
    for have in range(full + 1):
        for mask in masks:
            if have in best:
                best[have | mask] = min(best.get(have | mask, 99), best[have] + 1)
    return best.get(full, -1)
