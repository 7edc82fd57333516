"""Changes to web pages, plain texts, JSON and PDF files."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from mutants_package import around, cut_out, cut_short, flip_bytes, insert_bytes

Change = Callable[[bytes, Random], bytes]

_PIECES = tuple(
    piece.encode()
    for piece in (
        "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<td rowspan=999999999>", "<td colspan='1000000'>", "<td rowspan=0 colspan=-5>",
        "<!--", "-->", "<script>", "</script>", "<style>", "<style>td{display:none}</style>", "<s>", "<sup>1</sup>", "<ruby>1<rt>2</rt></ruby>",
        "<p hidden>", "<div style='display:none'>", "<br>" * 50, "<div>" * 3000, "<b>" * 3000, "&#x110000;", "&#0;", "&nbsp;" * 200, "\0", "\ufeff",
        "\u202e", "\ud7ff", "|", "||||||||||||", "\t" * 30, " " * 5000, "、" * 200, "一、" * 200, "（一）" * 100, "1." * 400, "=" * 3000, "-" * 3000,
        "\f", "\r", "\n\n\n", "总计", "其中", "2024年", "99999999999999999999", "1e400", "<base href=x>", "<frameset>", "<meta charset=utf-16>",
        "<![CDATA[", "]]>", "<?xml version='1.0' encoding='x'?>", "<svg><text>1</text></svg>", "<template>", "<noscript>", "<select><option>", "<textarea>",
    )
)  # fmt: skip
_SOURCES = (
    "utf-8",
    "gb18030",
    "gbk",
    "big5",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "latin-1",
    "utf-32",
)

_ODD_JSON: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 1.5, 10**18, 10**400, -(10**10), 1e300, float("nan"), float("inf"), "", " ", "12", "１２", "x", "\ud800", "\0", "\x1b[31m",
    "一" * 20_000, [], {}, [[]], [None], {"level": 0, "text": "x"}, {"level": 10**30, "text": "x"}, {"": {}}, ["x"] * 2000, "2024", "2024-02-30", "2019",
)  # fmt: skip


# --- texts and pages ----------------------------------------------------------------------------


def insert_piece(data: bytes, rng: Random) -> bytes:
    """A piece of markup, or of what tables are drawn with, somewhere."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(_PIECES) + data[at:]


def drop_line(data: bytes, rng: Random) -> bytes:
    """A line, or a few, missing."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    del lines[at : at + rng.choice([1, 1, 2, 10])]
    return b"\n".join(lines)


def double_line(data: bytes, rng: Random) -> bytes:
    """A line is there many times."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    return b"\n".join([*lines[:at], *[lines[at]] * rng.choice([2, 3, 500]), *lines[at + 1 :]])


def move_line(data: bytes, rng: Random) -> bytes:
    """A line stands elsewhere."""
    lines = data.split(b"\n")
    line = lines.pop(rng.randrange(len(lines)))
    lines.insert(rng.randrange(len(lines) + 1), line)
    return b"\n".join(lines)


def join_lines(data: bytes, rng: Random) -> bytes:
    """Lines run together, or all lines end in another way."""
    if rng.random() < 0.5:
        return data.replace(b"\n", rng.choice([b"", b" ", b"\r", b"\r\n", b"\n\n"]))
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    return b"\n".join([*lines[:at], b"".join(lines[at : at + 5]), *lines[at + 5 :]])


def other_encoding(data: bytes, rng: Random) -> bytes:
    """The text in another encoding, with or without saying so."""
    text = data.decode("utf-8", "replace")
    said = rng.choice(_SOURCES)
    if rng.random() < 0.5:
        text = re.sub(r"charset=[\"']?[\w-]+", f"charset={said}", text)
    return text.encode(rng.choice(_SOURCES), "replace")


def change_number(data: bytes, rng: Random) -> bytes:
    """A number is another one."""
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return data
    number = rng.choice(found)
    odd = rng.choice(
        [
            b"-1",
            b"1.5",
            b"1e9",
            b"99999999999",
            b"",
            b"0",
            b"x",
            b"1,000",
            "１２".encode(),
            b"9" * 5000,
        ]
    )
    return data[: number.start()] + odd + data[number.end() :]


def change_tag(data: bytes, rng: Random) -> bytes:
    """A tag is missing, there twice, or another one."""
    found = list(re.finditer(rb"<[^<>]{1,300}>", data))
    if not found:
        return insert_piece(data, rng)
    tag, other = rng.choice(found), rng.choice(found)
    new = rng.choice(
        [b"", tag[0] * 2, other[0], tag[0] * 300, tag[0][:-1], tag[0][1:], rng.choice(_PIECES)]
    )
    return data[: tag.start()] + new + data[tag.end() :]


def strip_blanks(data: bytes, rng: Random) -> bytes:
    """Runs of blanks are tabs, single blanks or nothing."""
    return re.sub(rb"  +", rng.choice([b"\t", b" ", b"", "　".encode()]), data)


TEXT: tuple[Change, ...] = (
    insert_piece, insert_piece, drop_line, double_line, move_line, join_lines, other_encoding, change_number, strip_blanks,
    cut_short, cut_out, flip_bytes, insert_bytes, around,
)  # fmt: skip
HTML: tuple[Change, ...] = (*TEXT, change_tag, change_tag, change_tag)


# --- JSON ---------------------------------------------------------------------------------------


def _nodes(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with each of its keys."""
    keys: list[Any] = []
    if isinstance(data, dict):
        keys = list(data)
    elif isinstance(data, list):
        keys = list(range(len(data)))
    for key in keys:
        yield data, key
        yield from _nodes(data[key])


def _on_node(data: bytes, rng: Random, change: Callable[[Any, Any, Random], None]) -> bytes:
    parsed = json.loads(data)
    nodes = list(_nodes(parsed))
    if not nodes:
        return data
    container, key = rng.choice(nodes)
    change(container, key, rng)
    return json.dumps(parsed, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def odd_value(data: bytes, rng: Random) -> bytes:
    """A value is another one."""

    def change(container: Any, key: Any, rng: Random) -> None:
        container[key] = rng.choice(_ODD_JSON)

    return _on_node(data, rng, change)


def drop_value(data: bytes, rng: Random) -> bytes:
    """A key or an item is missing."""

    def change(container: Any, key: Any, rng: Random) -> None:
        del container[key]

    return _on_node(data, rng, change)


def rename_key(data: bytes, rng: Random) -> bytes:
    """A key has another name, or a list one item more."""

    def change(container: Any, key: Any, rng: Random) -> None:
        if isinstance(container, list):
            container.insert(key, rng.choice(_ODD_JSON))
            return
        name = rng.choice([key + " ", key.upper(), "", "x", "__class__", "\ud800", "\x1b[2J"])
        container[name] = container.pop(key)

    return _on_node(data, rng, change)


def double_key(data: bytes, rng: Random) -> bytes:
    """A key is there twice."""
    found = list(re.finditer(rb'"\w+": ', data))
    if not found:
        return data
    key = rng.choice(found)
    return (
        data[: key.start()]
        + key[0]
        + rng.choice([b"1, ", b"{}, ", b"null, "])
        + data[key.start() :]
    )


def deep(data: bytes, rng: Random) -> bytes:
    """A value lies very deep."""
    opening, closing = rng.choice([(b"[", b"]"), (b'{"a":', b"}")])
    depth = rng.choice([50, 900, 1100, 100_000])
    nested = opening * depth + b"1" + closing * depth
    found = list(re.finditer(rb": \d+", data))
    if not found:
        return nested
    place = rng.choice(found)
    return data[: place.start() + 2] + nested + data[place.end() :]


JSON: tuple[Change, ...] = (
    odd_value, odd_value, odd_value, odd_value, drop_value, rename_key, double_key, deep,
    change_number, insert_piece, cut_short, cut_out, flip_bytes, insert_bytes, around, other_encoding,
)  # fmt: skip


# --- PDF ----------------------------------------------------------------------------------------

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def _on_stream(data: bytes, rng: Random, change: Change) -> bytes:
    """Inflate one stream, change it, and deflate it again; its stated length stays as it was."""
    found = list(_STREAM.finditer(data))
    if not found:
        return flip_bytes(data, rng)
    stream = rng.choice(found)
    try:
        plain = zlib.decompress(stream[1])
    except zlib.error:
        return flip_bytes(data, rng)
    return (
        data[: stream.start(1)] + zlib.compress(change(plain or b" ", rng)) + data[stream.end(1) :]
    )


def change_stream(data: bytes, rng: Random) -> bytes:
    """What a page draws, or a font says, is something else."""
    return _on_stream(
        data,
        rng,
        rng.choice([flip_bytes, cut_short, cut_out, insert_bytes, change_number, double_line]),
    )


def huge_stream(data: bytes, rng: Random) -> bytes:
    """A stream that inflates to tens of megabytes."""
    filler = rng.choice([b" ", b"q ", b"(x) Tj ", b"\0", b"[" * 3 + b"1" + b"]" * 3 + b" TJ "])
    return _on_stream(data, rng, lambda plain, _: plain + filler * (30_000_000 // len(filler)))


def change_name(data: bytes, rng: Random) -> bytes:
    """A name in a dictionary is another one."""
    found = list(re.finditer(rb"/[A-Z]\w+", data))
    if not found:
        return data
    one, other = rng.choice(found), rng.choice(found)
    return data[: one.start()] + other[0] + data[one.end() :]


PDF: tuple[Change, ...] = (
    change_stream, change_stream, change_stream, change_name, change_number, change_number, huge_stream, cut_short, cut_out, flip_bytes, insert_bytes, around,
)  # fmt: skip
