import sys

sys.setrecursionlimit(5000)


class Solution:
    def hub(self, n, paths):
        near = [[] for _ in range(n)]
        for a, b in paths:
            near[a].append(b)
            near[b].append(a)

        def deepest(hut, parent):
            best = [hut]
            for other in near[hut]:
                if other != parent:
                    way = deepest(other, hut)
                    if len(way) + 1 > len(best):
                        best = way + [hut]
            return best

        end = deepest(0, -1)[0]
        way = deepest(end, -1)
        middle = {way[(len(way) - 1) // 2], way[len(way) // 2]}
        print("candidates:", middle)
        return max(middle)
