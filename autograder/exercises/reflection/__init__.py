"""The last notebook: a word that the student chooses, with written answers that an instructor marks."""
