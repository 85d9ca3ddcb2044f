"""The gradebook's database and the tables of this project in it."""
