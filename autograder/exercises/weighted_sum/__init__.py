"""Weighted sum: values are mixed by weights."""
