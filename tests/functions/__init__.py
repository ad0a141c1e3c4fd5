"""Lambda functions of the tests: emulators, and a small endpoint that answers as Amazon's does."""
