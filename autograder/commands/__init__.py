"""One module for each subcommand of ``autograder``."""
