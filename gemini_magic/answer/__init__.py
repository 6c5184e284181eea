"""What came back, and its one format."""
