"""How fast the verifier is, and whether it accepts what public data sets call right (docs/benchmarks.md)."""
