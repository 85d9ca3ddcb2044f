"""Judge one function: draw the hidden cases, compare the answers, name the mistake. Runs no student code."""
