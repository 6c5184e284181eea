"""What may be said, once."""
