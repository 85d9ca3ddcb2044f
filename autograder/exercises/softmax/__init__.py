"""Softmax: scores become weights."""
