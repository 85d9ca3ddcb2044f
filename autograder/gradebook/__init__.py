"""The database of the gradebook, and the tables of this project in it."""
