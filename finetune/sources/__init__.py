"""Readers of public sets, one file a set: the set's own files -> pairs. See `registry`."""
