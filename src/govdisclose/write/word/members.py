"""Writing the members of a package, always as the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection

from govdisclose.package import Package


def member(name: str) -> zipfile.ZipInfo:
    """How every member of a written package is described: deflated, dated 1980, for any system."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 0
    return info


def packed(package: Package, without: Collection[str | None] = ()) -> bytes:
    """The package as a file, without some of its members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in package.parts.items():
            if name not in without and not name.endswith("/"):
                archive.writestr(member(name), content)
    return buffer.getvalue()
