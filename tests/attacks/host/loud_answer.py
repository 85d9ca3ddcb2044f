"""Tries: to answer with a text of terminal commands and of a megabyte.
Won if: leak: they are in the report.
Naive grader: unharmed.
"""

def softmax(scores, axis=-1):
    return "\x1b]0;loot\x07\ud800" + "x" * 1_000_000
