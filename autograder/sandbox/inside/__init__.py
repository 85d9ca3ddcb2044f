"""Everything that runs in the student's process. Imports only the standard library, numpy and IPython."""
