"""Judging adapters: subjects, metrics with intervals, and a report of both. See `run.evaluate`."""
