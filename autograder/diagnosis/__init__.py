"""Why an answer is wrong, told with public examples only."""
