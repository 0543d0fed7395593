"""Where this program keeps what it can make again: converted models, measurements, downloads.

Knows nothing of what is kept there; every user of the cache takes a directory below the root.
"""

from __future__ import annotations

import os
from pathlib import Path

CACHE_VARIABLE = "LLAMA_E_CACHE"


def cache_root() -> Path:
    """Return the cache's root directory, which may not exist yet.

    The environment variable `LLAMA_E_CACHE` names it; without one it is the user's own cache
    directory as the operating system defines it.
    """
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("llama-e"))
