"""Benchmarks of an index of a million products: its feed, its vectors, the measuring."""
