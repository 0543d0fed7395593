"""Proof that a catalog index survives crashes, damage and failing disks: what `crash` runs.

`history` says what a catalog holds after each of a series of changes; `worker` makes the changes
in processes that are killed or whose disk fails; `reader` searches all the while; `kills`,
`damage` and `disks` are the trials.
"""
