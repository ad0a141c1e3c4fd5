"""`python -m sandbox.runner`: see `sandbox.runner.stream`."""

from sandbox.runner.stream import main

if __name__ == "__main__":
    main()
