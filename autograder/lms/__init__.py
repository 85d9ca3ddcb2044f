"""Exchange with a learning management system."""
