"""Coverage-guided fuzzing of every decoder that reads bytes from somebody else."""
