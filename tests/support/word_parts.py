"""The packaged templates taken apart, changed, and packed again, for tests of templates."""

from __future__ import annotations

import io
import zipfile

from govdisclose import EDITIONS
from govdisclose.form.edition import Edition
from govdisclose.write.word.loading import template_folder

DOCUMENT, STYLES, SETTINGS = "word/document.xml", "word/styles.xml", "word/settings.xml"
RELATIONS, TYPES = "word/_rels/document.xml.rels", "[Content_Types].xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def members(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def packaged(edition: Edition = EDITIONS["2021"]) -> bytes:
    return (template_folder() / f"{edition.name}.docx").read_bytes()


def edited(old: str, new: str, part: str = DOCUMENT, edition: Edition = EDITIONS["2021"]) -> bytes:
    """The packaged template with one text in one part replaced."""
    parts = members(packaged(edition))
    text = parts[part].decode()
    assert old in text
    return packed({**parts, part: text.replace(old, new).encode()})


def beside_title(xml: str) -> bytes:
    """The packaged template with runs after the one of its title."""
    return edited("{{ title }}</w:t></w:r>", "{{ title }}</w:t></w:r>" + xml)


def with_part(
    name: str, content: str, kind: str, type_: str = "application/xml", *, owner: str = RELATIONS
) -> bytes:
    """The packaged template with one more part, and the relationship that leads to it."""
    parts = members(packaged())
    target = "/" + name
    entry = f'<Relationship Id="rIdMore" Type="{_OFFICE}{kind}" Target="{target}"/></Relationships>'
    parts[owner] = parts[owner].replace(b"</Relationships>", entry.encode())
    override = f'<Override PartName="/{name}" ContentType="{type_}"/></Types>'
    parts[TYPES] = parts[TYPES].replace(b"</Types>", override.encode())
    return packed({**parts, name: content.encode()})


def field(*instruction: str, result: str = "1") -> str:
    """A complex field whose instruction is split over runs."""
    code = "".join(
        f'<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>' for text in instruction
    )
    return f"{mark('begin')}{code}{mark('separate')}<w:r><w:t>{result}</w:t></w:r>{mark('end')}"


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'
