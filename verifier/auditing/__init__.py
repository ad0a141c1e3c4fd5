"""Whether suites can be trained on, asked quickly: what `verifier suites check` finds. Needs the extra `fuzz`."""
