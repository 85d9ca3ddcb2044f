"""``autograder demo``: 30 made-up students and their submissions, graded in a separate folder."""
