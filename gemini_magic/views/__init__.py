"""What lives in time."""
