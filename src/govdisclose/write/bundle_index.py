"""The index of a folder that holds one report in every form: names, sizes, SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from attrs import asdict, frozen

from govdisclose.form.report import AnnualReport

INDEX, SUMS = "index.json", "SHA256SUMS"
_SCHEMA = "govdisclose/bundle/1"


@frozen
class Item:
    """One file of the folder: kind, size in bytes, SHA-256, and the content of a picture in words."""

    name: str
    form: str
    label: str
    size: int
    sha256: str
    alt: str = ""


def describe_file(name: str, form: str, label: str, data: bytes, alt: str = "") -> Item:
    """The entry of a file in the index."""
    return Item(name, form, label, len(data), hashlib.sha256(data).hexdigest(), alt)


def index_files(
    report: AnnualReport, items: list[Item], absent: Mapping[str, str]
) -> dict[str, bytes]:
    """``index.json``, and ``SHA256SUMS`` as ``sha256sum -c`` reads it."""
    index = {
        "schema": _SCHEMA,
        "title": report.title,
        "agency": {"name": report.agency.name, "code": report.agency.code},
        "year": report.year,
        "files": [asdict(item, filter=lambda _, value: value != "") for item in items],
        "absent": [{"form": form, "reason": reason} for form, reason in absent.items()],
    }
    text = json.dumps(index, ensure_ascii=False, indent=2) + "\n"
    sums = "".join(f"{item.sha256}  {item.name}\n" for item in items)
    return {
        INDEX: text.encode("utf-8", "surrogatepass"),
        SUMS: sums.encode("utf-8", "surrogatepass"),
    }


def is_bundle(folder: Path) -> bool:
    """Whether a folder has only files that its index lists, so that it may be replaced."""
    try:
        index = json.loads((folder / INDEX).read_bytes())
        listed = {entry["name"] for entry in index["files"]} | {INDEX, SUMS}
        return index["schema"] == _SCHEMA and {path.name for path in folder.iterdir()} <= listed
    except (OSError, ValueError, KeyError, TypeError):
        return False
