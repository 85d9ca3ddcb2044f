"""Grade one submission: run its function in the sandbox, judge it, report a definite status."""
