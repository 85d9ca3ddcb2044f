"""What has happened to the marks: an append-only history, and snapshots of the gradebook."""
