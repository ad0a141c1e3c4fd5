"""Tests that run in containers, and what others need to start some."""
