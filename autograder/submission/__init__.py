"""From an untrusted file to the sources that are judged."""
