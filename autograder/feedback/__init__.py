"""From a report or a notebook to safe HTML."""
