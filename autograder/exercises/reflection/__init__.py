"""The last notebook: a word of the student's own, marked by hand. It holds text only."""
