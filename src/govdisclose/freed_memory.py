"""Memory that this process has freed goes back to the system."""

from __future__ import annotations

import sys


def give_back() -> None:
    """Have the C library return what was freed, before something large is loaded or written.

    glibc keeps freed memory that lies between used blocks, after a folder of 20,000 units some
    10 MB. Other systems have no such call, and nothing happens there.
    """
    if sys.platform != "linux":
        return
    import ctypes  # no other command needs it

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # musl has none
        trim(0)
