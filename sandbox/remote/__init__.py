"""A sandbox that is somewhere else: what is sent there, what comes back, and what it means when nothing does.

The other end is `sandbox.runner`. It holds no test, no expected output and no privilege worth having. It is not
believed either: it can answer, and so answer wrongly, and nothing more.
"""
