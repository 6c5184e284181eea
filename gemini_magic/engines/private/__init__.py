"""What keeps values of the user's data out of what a model is told."""
