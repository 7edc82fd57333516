"""Changes to a zip package as a whole: its members, its headers, its bytes."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Callable
from random import Random

from attrs import evolve, frozen

STAMP = (2025, 1, 20, 9, 0, 0)
"""The time every member is given, so that the same mutant has the same bytes."""

_LOCAL, _DIRECTORY, _END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_ODD_BYTES = (b"\0", b"\1", b"\x7f", b"\xff", b"<", b">", b"&", b'"', b"PK")
_NAMES = (
    "../evil.xml",
    "/etc/evil.xml",
    "xl\\worksheets\\sheet1.xml",
    "C:evil.xml",
    "",
    "A" * 300,
    "[trash]/0.dat",
)
_HEADER_FIELDS = {
    _LOCAL: (4, 6, 8, 14, 18, 22, 26, 28),
    _DIRECTORY: (8, 10, 16, 20, 24, 28, 30, 32, 42),
    _END: (8, 10, 12, 16, 20),
}
"""Offsets of sizes, methods, checksums and the like after the mark of each kind of header."""


@frozen
class Member:
    """One part of a package."""

    name: str
    content: bytes


def unpack(data: bytes) -> list[Member]:
    """The members of a good package."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [Member(name, archive.read(name)) for name in archive.namelist()]


def pack(members: list[Member], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A package of ``members``, with right checksums, whatever they hold and are called."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.simplefilter("ignore")  # two members of one name are meant
        for member in members:
            info = zipfile.ZipInfo(member.name or "x", STAMP)
            info.filename = member.name
            info.compress_type = method
            archive.writestr(info, member.content)
    return out.getvalue()


def cut_short(data: bytes, rng: Random) -> bytes:
    """The file broken off."""
    return data[: rng.randrange(len(data))]


def cut_out(data: bytes, rng: Random) -> bytes:
    """A piece of the file missing."""
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.choice([1, 2, 16, 512, 4096]) :]


def flip_bytes(data: bytes, rng: Random) -> bytes:
    """A few bytes changed."""
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 8, 64])):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def insert_bytes(data: bytes, rng: Random) -> bytes:
    """A few bytes more."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(_ODD_BYTES) * rng.choice([1, 1, 2, 100]) + data[at:]


def around(data: bytes, rng: Random) -> bytes:
    """Something before or after the file."""
    extra = rng.choice([b"\0" * 512, b"\xef\xbb\xbf", b"MZ" + b"\0" * 64, data[-200:], b"\n"])
    return extra + data if rng.random() < 0.5 else data + extra


def change_header(data: bytes, rng: Random) -> bytes:
    """One field of one header of the archive is odd."""
    mark = rng.choice([_LOCAL, _DIRECTORY, _DIRECTORY, _END])
    places = _occurrences(data, mark)
    if not places:
        return flip_bytes(data, rng)
    at = rng.choice(places) + rng.choice(_HEADER_FIELDS[mark])
    old = struct.unpack_from("<H", data, at)[0] if at + 2 <= len(data) else 0
    value = rng.choice([0, 1, 8, 9, 12, 14, 99, 0xFFFF, old + 1, old - 1, old ^ 0x8000]) & 0xFFFF
    return data[:at] + struct.pack("<H", value) + data[at + 2 :]


def _occurrences(data: bytes, mark: bytes) -> list[int]:
    places = []
    at = data.find(mark)
    while at >= 0:
        places.append(at)
        at = data.find(mark, at + 1)
    return places


def drop_member(data: bytes, rng: Random) -> bytes:
    """A member is missing."""
    members = unpack(data)
    members.pop(rng.randrange(len(members)))
    return pack(members)


def empty_member(data: bytes, rng: Random) -> bytes:
    """A member holds nothing, or next to nothing."""
    members = unpack(data)
    at = rng.randrange(len(members))
    content = rng.choice(
        [b"", b" ", b"\0", b"<?xml version='1.0'?>", b"<a/>", b"<a xmlns='b'><c/></a>"]
    )
    members[at] = evolve(members[at], content=content)
    return pack(members)


def double_member(data: bytes, rng: Random) -> bytes:
    """A member is there twice, under the same name or under one that differs in case or slashes."""
    members = unpack(data)
    first, other = rng.choice(members), rng.choice(members)
    spelled = [str, str.upper, str.lower, str.title, _backslashed, _rooted]
    again = Member(rng.choice(spelled)(first.name), rng.choice([first.content, other.content, b""]))
    members.insert(rng.randrange(len(members) + 1), again)
    return pack(members)


def _backslashed(name: str) -> str:
    return name.replace("/", "\\")


def _rooted(name: str) -> str:
    return "/" + name


def rename_member(data: bytes, rng: Random) -> bytes:
    """A member has another name."""
    members = unpack(data)
    at = rng.randrange(len(members))
    name = members[at].name
    names = [
        *_NAMES,
        name.upper(),
        name.replace("/", "\\"),
        "/" + name,
        name + " ",
        name.replace("1", "2"),
    ]
    members[at] = evolve(members[at], name=rng.choice(names))
    return pack(members)


def swap_members(data: bytes, rng: Random) -> bytes:
    """Two members hold each other's content."""
    members = unpack(data)
    one, other = rng.sample(range(len(members)), 2)
    first, second = members[one], members[other]
    members[one], members[other] = (
        evolve(first, content=second.content),
        evolve(second, content=first.content),
    )
    return pack(members)


def swap_like_members(data: bytes, rng: Random) -> bytes:
    """Two members of one folder hold each other's content: two sheets, say."""
    members = unpack(data)
    folders: dict[str, list[int]] = {}
    for number, member in enumerate(members):
        folders.setdefault(member.name.rpartition("/")[0], []).append(number)
    several = [numbers for numbers in folders.values() if len(numbers) > 1]
    if not several:
        return swap_members(data, rng)
    one, other = rng.sample(rng.choice(several), 2)
    first, second = members[one], members[other]
    members[one], members[other] = (
        evolve(first, content=second.content),
        evolve(second, content=first.content),
    )
    return pack(members)


def add_member(data: bytes, rng: Random) -> bytes:
    """A member more that nothing refers to."""
    members = unpack(data)
    names = (
        "xl/worksheets/sheet99.xml",
        "xl/vbaProject.bin",
        "word/document2.xml",
        "x/y.bin",
        "xl/sharedStrings2.xml",
        *_NAMES,
    )
    content = rng.choice([b"", b"\0" * 1000, rng.choice(members).content])
    members.insert(rng.randrange(len(members) + 1), Member(rng.choice(names), content))
    return pack(members)


def store(data: bytes, rng: Random) -> bytes:
    """The members in another order, not compressed."""
    members = unpack(data)
    rng.shuffle(members)
    return pack(members, zipfile.ZIP_STORED)


def with_part(data: bytes, rng: Random, change: Callable[[bytes, Random], bytes]) -> bytes:
    """The same package with one of its parts changed, larger parts the more often."""
    members = unpack(data)
    weights = [1 + len(member.content) ** 0.5 for member in members]
    at = rng.choices(range(len(members)), weights)[0]
    members[at] = evolve(members[at], content=change(members[at].content or b" ", rng))
    return pack(members)


def flip_inside(data: bytes, rng: Random) -> bytes:
    """Bytes changed inside a part, its checksum right."""
    return with_part(data, rng, flip_bytes)


def cut_inside(data: bytes, rng: Random) -> bytes:
    """A part broken off, or without a piece, its checksum right."""
    return with_part(data, rng, rng.choice([cut_short, cut_out, insert_bytes]))


CHANGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    cut_short,
    cut_out,
    flip_bytes,
    insert_bytes,
    around,
    change_header,
    change_header,
    drop_member,
    empty_member,
    double_member,
    rename_member,
    swap_members,
    swap_like_members,
    add_member,
    store,
    flip_inside,
    flip_inside,
    cut_inside,
)
"""Every change to a package; some are listed twice because there are more ways to do them."""
