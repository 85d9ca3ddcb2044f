"""One submission becomes one report."""
