"""Zip archives as offices send them, and as nobody should."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path


class _Named(zipfile.ZipInfo):
    """A member whose name is stored in an encoding that the archive does not mention."""

    encoding = "gbk"

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  # of the standard library
        return self.filename.encode(self.encoding), self.flag_bits & ~0x800


def zipped(files: Mapping[str, bytes], encoding: str | None = None) -> bytes:
    """An archive of files by name; with ``encoding`` the names are stored so, without a mark."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name) if encoding is None else _Named(name)
            if isinstance(info, _Named):
                info.encoding = encoding or ""
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return packed.getvalue()


def renamed(archive: bytes, old: str, new: str) -> bytes:
    """The same archive with a member of another name, of as many bytes: so two may have one."""
    return archive.replace(old.encode(), new.encode())


def locked(archive: bytes) -> bytes:
    """The same archive of one member, marked as encrypted."""
    local, central = archive.find(b"PK\3\4"), archive.find(b"PK\1\2")
    changed = bytearray(archive)
    changed[local + 6] |= 1
    changed[central + 8] |= 1
    return bytes(changed)


def shelved(root: Path, files: Mapping[str, bytes]) -> Path:
    """A folder with these files."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root
