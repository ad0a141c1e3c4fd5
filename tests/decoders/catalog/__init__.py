"""The decoders under test, one file each; `tests.decoders.known` has their names."""
