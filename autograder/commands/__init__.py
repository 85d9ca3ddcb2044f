"""One module for each subcommand of ``autograder``.

A module has ``HELP`` (its line in ``autograder --help``), ``add_arguments(parser)``, and ``run(options)``, which does
the work, prints, and returns the exit status. The docstring of ``run`` is what ``autograder COMMAND --help`` shows.
"""
