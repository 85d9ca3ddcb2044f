"""An auto-graded course on attention."""
