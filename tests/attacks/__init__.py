"""Attacks on the verifier as data, and what runs them in every tier."""
