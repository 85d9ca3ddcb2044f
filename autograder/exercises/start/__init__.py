"""The first notebook: what attention is, before any function is written. It holds text only."""
