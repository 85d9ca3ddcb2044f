"""Scaled dot-product attention: the whole formula."""
