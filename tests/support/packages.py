"""Packages taken apart and put together again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable


def repack(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The same package with members changed, or left out where ``change`` gives ``None``."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()
