"""Explain why an answer is wrong, from public examples only."""
