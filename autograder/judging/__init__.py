"""Hidden cases are drawn, asked and compared here. Nothing in this package runs student code."""
