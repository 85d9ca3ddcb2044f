"""Attention scores: every query meets every key."""
