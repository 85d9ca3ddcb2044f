"""What has happened to the marks: an append-only history, snapshots of the gradebook, and checks of both."""
