"""``autograder demo``: a class of 30 made-up students, graded into an SQLite gradebook in a folder of its own."""
