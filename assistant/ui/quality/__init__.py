"""The quality."""
