"""The one exception that a user can mend: every other error of ours that reaches the command line derives from it."""


class AutograderError(Exception):
    """Something that the user can mend. The text says what is wrong, and then what would work."""
