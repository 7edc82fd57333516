"""Changes to one XML part: attributes, elements, texts. What comes out need not be well-formed."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

_PIECE = re.compile(rb"<!--.*?-->|<[^>]*>|[^<]+", re.DOTALL)
"""A tag, a comment or a text. A parser would refuse what is to be made here."""

_NAME = re.compile(rb"</?([^\s/>]+)")
_ATTRIBUTE = re.compile(rb'([\w:.-]+)="([^"]*)"')

_ODD_VALUES = tuple(
    value.encode()
    for value in (
        "", " ", "0", "-1", "1", "2", "3", "7", "14", "65535", "65536", "1048577", "2147483648", "4294967295",
        "9223372036854775807", "18446744073709551616", "1000000000000", "1e9", "1.5", "NaN", "true", "false", "off",
        "A1", "a1", "A0", "B5", "C4", "G28", "$A$1", "XFD1048576", "XFE1048577", "ZZ9999", "A1:A1", "B2:A1", "A1:XFD1048576",
        "A1:", ":", "A1:B2:C3", "Sheet1!A1", "一", "rId1", "rId2", "rId99", "../x.xml", "/xl/worksheets/sheet1.xml",
        "worksheets/sheet2.xml", "http://example.com/x", "&#0;", "&#1;", "&#x27;", "&amp;", "&lt;v&gt;", "&nbsp;", "s", "str",
        "inlineStr", "b", "e", "d", "n", "hidden", "veryHidden", "restart", "continue", "preserve", "x" * 5000, "9" * 5000, "²",
    )
)  # fmt: skip
_ODD_TEXTS = tuple(
    value.encode()
    for value in (
        "", " ", "0", "-0", "-1", "1", "12", "1.5", "12.0", "1e400", "1E2", "0x10", "+5", "5.", ".5", "1,234", "NaN", "INF", "abc", "12件",
        "１２", "٣", "²", " 5 ", "5\n", "&#49;&#50;", "&#x31;", "<![CDATA[12]]>", "1<!-- 2 -->3", "1<?x y?>3", "&amp;", "&lt;", "&nbsp;",
        "&#0;", "&#xD800;", "&#x1F600;", "&", "]]>", "_x0031_", "_x000D_", "TRUE", "2024-01-01", "#REF!", "#N/A", "999999999999999999999",
        "0.1000000000000000055", "=1+1", "SUM(A1:A9)", "/", "无", "（文字描述）", "{{ year }}", "{% if x %}", "\u200b12", "\u202e12", "x" * 40000, "9" * 5000, "9" * 5000 + "件",
    )
)  # fmt: skip
_WRAPPERS = (
    (b"<x>", b"</x>"),
    (b"<x:y xmlns:x='urn:x'>", b"</x:y>"),
    (b"<!--", b"-->"),
    (b"<![CDATA[", b"]]>"),
)
_FORMATS = (
    b"0.0%",
    b"0!.0,",
    b"#,##0,",
    b"yyyy-mm-dd",
    b";;;",
    b"@",
    b"[Red]0",
    b"0.00E+00",
    b"General&quot;x&quot;",
    b"[$-804]0",
    b"[h]:mm",
)

Change = Callable[[bytes, Random], bytes]


def _pieces(part: bytes) -> list[bytes]:
    return _PIECE.findall(part)


def _name(tag: bytes) -> bytes:
    found = _NAME.match(tag)
    return found[1] if found else b""


def _is_start(piece: bytes) -> bool:
    return piece.startswith(b"<") and not piece.startswith((b"</", b"<?", b"<!"))


def _starts(pieces: list[bytes]) -> dict[bytes, list[int]]:
    """Where elements begin, by their name."""
    found: dict[bytes, list[int]] = {}
    for number, piece in enumerate(pieces):
        if _is_start(piece):
            found.setdefault(_name(piece), []).append(number)
    return found


def _any_start(pieces: list[bytes], rng: Random) -> int | None:
    """An element: half of the time any one, else any name first, so that rare elements are met too."""
    starts = _starts(pieces)
    if not starts:
        return None
    if rng.random() < 0.5:
        return rng.choice(rng.choice(list(starts.values())))
    everywhere = [number for numbers in starts.values() for number in numbers]
    return rng.choice(everywhere)


def _end(pieces: list[bytes], start: int) -> int:
    """The number of the last piece of the element that begins at ``start``."""
    if pieces[start].endswith(b"/>"):
        return start
    name, depth = _name(pieces[start]), 0
    for number in range(start, len(pieces)):
        piece = pieces[number]
        if _name(piece) != name:
            continue
        if piece.startswith(b"</"):
            depth -= 1
        elif not piece.endswith(b"/>"):
            depth += 1
        if depth == 0:
            return number
    return start


def _on_element(
    part: bytes, rng: Random, change: Callable[[list[bytes], int, int, Random], list[bytes]]
) -> bytes:
    pieces = _pieces(part)
    start = _any_start(pieces, rng)
    if start is None:
        return part
    return b"".join(change(pieces, start, _end(pieces, start), rng))


# --- attributes ---------------------------------------------------------------------------------


def _on_attribute(
    part: bytes, rng: Random, change: Callable[[re.Match[bytes], Random], bytes]
) -> bytes:
    """Replace one attribute (name, quotes and value) of one tag."""
    pieces = _pieces(part)
    with_some: dict[bytes, list[int]] = {}
    for number, piece in enumerate(pieces):
        if _is_start(piece) and b'="' in piece:
            with_some.setdefault(_name(piece), []).append(number)
    if not with_some:
        return part
    groups = list(with_some.values())
    weights = [1 + len(group) ** 0.5 for group in groups]
    number = rng.choice(rng.choices(groups, weights)[0])
    found = rng.choice(list(_ATTRIBUTE.finditer(pieces[number])) or [None])
    if found is None:
        return part
    tag = pieces[number]
    pieces[number] = tag[: found.start()] + change(found, rng) + tag[found.end() :]
    return b"".join(pieces)


def odd_attribute(part: bytes, rng: Random) -> bytes:
    """An attribute says something odd."""
    return _on_attribute(
        part, rng, lambda found, r: found[1] + b'="' + r.choice(_ODD_VALUES) + b'"'
    )


def near_attribute(part: bytes, rng: Random) -> bytes:
    """A number in an attribute is one more, one less, or many times as much."""

    def change(found: re.Match[bytes], rng: Random) -> bytes:
        digits = re.search(rb"\d+", found[2])
        if digits is None:
            return found[1] + b'="' + found[2].swapcase() + b'"'
        value = int(digits[0])
        near = rng.choice([value + 1, max(value - 1, 0), value + 10, value * 1000, value * 10**9])
        return (
            found[1]
            + b'="'
            + found[2][: digits.start()]
            + str(near).encode()
            + found[2][digits.end() :]
            + b'"'
        )

    return _on_attribute(part, rng, change)


def drop_attribute(part: bytes, rng: Random) -> bytes:
    """An attribute is missing."""
    return _on_attribute(part, rng, lambda found, _: b"")


def double_attribute(part: bytes, rng: Random) -> bytes:
    """An attribute is there twice."""
    return _on_attribute(
        part,
        rng,
        lambda found, r: found[0] + b" " + found[1] + b'="' + r.choice(_ODD_VALUES) + b'"',
    )


def rename_attribute(part: bytes, rng: Random) -> bytes:
    """An attribute has another name, or a foreign one."""
    names = (b"x", b"r", b"s", b"t", b"ref", b"xml:space", b"xmlns", b"q:id", b"r:id", b"w:val")
    return _on_attribute(part, rng, lambda found, r: r.choice(names) + b'="' + found[2] + b'"')


def requote_attribute(part: bytes, rng: Random) -> bytes:
    """The same attribute in another spelling, which means the same to a parser."""

    def change(found: re.Match[bytes], rng: Random) -> bytes:
        spelled = rng.choice(["'{}'", ' = "{}"', "\n=\n'{}'"]).encode()
        value = found[2]
        if value.isascii() and value.isalnum() and rng.random() < 0.5:
            value = b"".join(b"&#%d;" % byte for byte in value)
        equals = b"" if spelled.startswith((b" ", b"\n")) else b"="
        return found[1] + equals + spelled.replace(b"{}", value)

    return _on_attribute(part, rng, change)


def swap_attributes(part: bytes, rng: Random) -> bytes:
    """Two elements of one name have each other's value of one attribute: two cells, two sheets."""
    pieces = _pieces(part)
    several = [numbers for numbers in _starts(pieces).values() if len(numbers) > 1]
    if not several:
        return odd_attribute(part, rng)
    one, other = rng.sample(rng.choice(several), 2)
    first, second = dict(_ATTRIBUTE.findall(pieces[one])), dict(_ATTRIBUTE.findall(pieces[other]))
    common = sorted(first.keys() & second.keys())
    if not common:
        return odd_attribute(part, rng)
    name = rng.choice(common)
    pieces[one] = _with_attribute(pieces[one], name, second[name])
    pieces[other] = _with_attribute(pieces[other], name, first[name])
    return b"".join(pieces)


def _with_attribute(tag: bytes, name: bytes, value: bytes) -> bytes:
    return re.sub(
        rb"(?<![\w:])" + re.escape(name) + rb'="[^"]*"',
        lambda _: name + b'="' + value + b'"',
        tag,
        count=1,
    )


# --- elements -----------------------------------------------------------------------------------


def double_element(part: bytes, rng: Random) -> bytes:
    """An element is there twice."""

    def change(pieces: list[bytes], start: int, end: int, rng: Random) -> list[bytes]:
        times = rng.choice([1, 1, 1, 2, 50])
        return pieces[: end + 1] + pieces[start : end + 1] * times + pieces[end + 1 :]

    return _on_element(part, rng, change)


def drop_element(part: bytes, rng: Random) -> bytes:
    """An element is missing."""
    return _on_element(part, rng, lambda pieces, start, end, _: pieces[:start] + pieces[end + 1 :])


def drop_tag(part: bytes, rng: Random) -> bytes:
    """A tag is missing, its content stays."""
    return _on_element(
        part,
        rng,
        lambda pieces, start, end, r: _without(pieces, r.choice([{start}, {end}, {start, end}])),
    )


def _without(pieces: list[bytes], numbers: set[int]) -> list[bytes]:
    return [piece for number, piece in enumerate(pieces) if number not in numbers]


def move_element(part: bytes, rng: Random) -> bytes:
    """An element stands elsewhere."""

    def change(pieces: list[bytes], start: int, end: int, rng: Random) -> list[bytes]:
        element, rest = pieces[start : end + 1], pieces[:start] + pieces[end + 1 :]
        at = rng.randrange(len(rest) + 1)
        return rest[:at] + element + rest[at:]

    return _on_element(part, rng, change)


def swap_elements(part: bytes, rng: Random) -> bytes:
    """Two elements of one name stand in each other's place."""
    pieces = _pieces(part)
    several = [numbers for numbers in _starts(pieces).values() if len(numbers) > 1]
    if not several:
        return drop_element(part, rng)
    one, other = sorted(rng.sample(rng.choice(several), 2))
    first_end, second_end = _end(pieces, one), _end(pieces, other)
    if first_end >= other:
        return part
    first, second = pieces[one : first_end + 1], pieces[other : second_end + 1]
    return b"".join(
        [*pieces[:one], *second, *pieces[first_end + 1 : other], *first, *pieces[second_end + 1 :]]
    )


def rename_element(part: bytes, rng: Random) -> bytes:
    """An element has another name, in another case or from another namespace."""

    def change(pieces: list[bytes], start: int, end: int, rng: Random) -> list[bytes]:
        old = _name(pieces[start])
        names = [
            b"x",
            b"x:" + old,
            b"mc:AlternateContent",
            old.upper(),
            old + b"2",
            b"is",
            b"t",
            b"v",
            b"f",
            b"row",
            b"w:del",
            b"w:p",
        ]
        new = rng.choice(names)
        renamed = pieces.copy()
        renamed[start] = renamed[start].replace(b"<" + old, b"<" + new, 1)
        renamed[end] = renamed[end].replace(b"</" + old, b"</" + new, 1)
        return renamed

    return _on_element(part, rng, change)


def wrap_element(part: bytes, rng: Random) -> bytes:
    """An element stands inside another one, a comment, or itself."""

    def change(pieces: list[bytes], start: int, end: int, rng: Random) -> list[bytes]:
        name = _name(pieces[start])
        before, after = rng.choice([*_WRAPPERS, (b"<" + name + b">", b"</" + name + b">")])
        times = rng.choice([1, 1, 1, 3000])
        return [
            *pieces[:start],
            before * times,
            *pieces[start : end + 1],
            after * times,
            *pieces[end + 1 :],
        ]

    return _on_element(part, rng, change)


def foreign_twin(part: bytes, rng: Random) -> bytes:
    """Beside an element stands one of the same name from another namespace, with another text."""

    def change(pieces: list[bytes], start: int, end: int, rng: Random) -> list[bytes]:
        twin = b"".join(pieces[start : end + 1])
        twin = re.sub(rb"<(/?)([\w:]+)", rb"<\1z:\2", twin.replace(b":", b"_"))
        twin = re.sub(rb">\d+<", b">77<", twin)
        twin = (
            twin.replace(b" ", b' xmlns:z="urn:z" ', 1)
            if b" " in twin.split(b">")[0]
            else twin.replace(b">", b' xmlns:z="urn:z">', 1)
        )
        at = rng.choice([start, end + 1])
        return [*pieces[:at], twin, *pieces[at:]]

    return _on_element(part, rng, change)


# --- texts --------------------------------------------------------------------------------------


def _on_text(part: bytes, rng: Random, change: Callable[[bytes, Random], bytes]) -> bytes:
    pieces = _pieces(part)
    texts = [
        number
        for number, piece in enumerate(pieces)
        if not piece.startswith(b"<") and piece.strip()
    ]
    if not texts:
        return part
    number = rng.choice(texts)
    pieces[number] = change(pieces[number], rng)
    return b"".join(pieces)


def odd_text(part: bytes, rng: Random) -> bytes:
    """A text is another one."""
    return _on_text(part, rng, lambda _, r: r.choice(_ODD_TEXTS))


def other_text(part: bytes, rng: Random) -> bytes:
    """A text is one that stands elsewhere in the part."""
    texts = [piece for piece in _pieces(part) if not piece.startswith(b"<") and piece.strip()]
    return _on_text(part, rng, lambda text, r: r.choice(texts or [text]))


def dressed_text(part: bytes, rng: Random) -> bytes:
    """The same text with a comment in it, as CDATA, in character references, between blanks."""

    def change(text: bytes, rng: Random) -> bytes:
        middle = rng.randrange(len(text) + 1)
        dressed = [
            text[:middle] + b"<!-- x -->" + text[middle:],
            text[:middle] + b"<?x y?>" + text[middle:],
            b"<![CDATA[" + text + b"]]>",
            text[:middle] + b"<![CDATA[" + text[middle:] + b"]]>",
            "".join(f"&#{ord(c)};" for c in text.decode("utf-8", "replace")).encode(),
            b" " + text + b"\n",
            text[:middle] + b"\0" + text[middle:],
            text[:middle] + b"\x1b[31m" + text[middle:],
            text + text,
        ]
        return rng.choice(dressed)

    return _on_text(part, rng, change)


def long_text(part: bytes, rng: Random) -> bytes:
    """A text is very long."""
    alphabet = ["一", "、", "（", "1", ".", " ", "　", "件", "年", "其中", "(", "|", "&#10;", "\t"]
    return _on_text(part, rng, lambda _, r: (r.choice(alphabet) * 15_000).encode())


# --- the parts of workbooks ---------------------------------------------------------------------


def second_value(part: bytes, rng: Random) -> bytes:
    """A cell has two values, or a formula where it had none."""
    extra = rng.choice(
        [b"<v>77</v>", b"<v/>", b"<f>1+1</f>", b"<is><t>77</t></is>", b"<v>7</v><v>8</v>"]
    )
    return _beside(part, rng, b"v", extra)


def second_sheet_data(part: bytes, rng: Random) -> bytes:
    """The cells of a sheet are there twice, once with other values."""
    found = re.search(rb"<sheetData>.*</sheetData>", part, re.DOTALL)
    if found is None:
        return double_element(part, rng)
    again = re.sub(rb"<v>\d+</v>", b"<v>3</v>", found[0])
    return part.replace(
        found[0], rng.choice([found[0] + again, again + found[0], b"<sheetData/>" + found[0]]), 1
    )


def number_format(part: bytes, rng: Random) -> bytes:
    """The styles have another number format, or a cell another style."""
    value = rng.choice(_FORMATS)
    if b"formatCode=" in part:
        return re.sub(
            rb'formatCode="[^"]*"', lambda _: b'formatCode="' + value + b'"', part, count=1
        )
    codes = str(rng.choice([0, 1, 9, 10, 14, 22, 49, 164, 165])).encode()
    return re.sub(rb'numFmtId="\d+"', lambda _: b'numFmtId="' + codes + b'"', part)


def cell_type(part: bytes, rng: Random) -> bytes:
    """A cell says that its value is of another type."""
    pieces = _pieces(part)
    cells = [number for number, piece in enumerate(pieces) if re.match(rb"<c[ >]", piece)]
    if not cells:
        return odd_attribute(part, rng)
    number = rng.choice(cells)
    kind = rng.choice([b"s", b"str", b"inlineStr", b"b", b"e", b"d", b"n", b"x", b""])
    bare = re.sub(rb' t="\w*"', b"", pieces[number])
    pieces[number] = bare.replace(b"<c", b'<c t="' + kind + b'"', 1)
    return b"".join(pieces)


def rich_string(part: bytes, rng: Random) -> bytes:
    """A string has runs, one of them struck or raised, or a reading beside it."""
    runs = [
        b"<r><t>1</t></r>",
        b"<r><rPr><strike/></rPr><t>9</t></r>",
        b'<r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>',
        b'<rPh sb="0" eb="1"><t>9</t></rPh>',
        b"<t>9</t>",
    ]
    return _beside(part, rng, b"t", rng.choice(runs))


def _beside(part: bytes, rng: Random, name: bytes, extra: bytes) -> bytes:
    """``extra`` before or after an element called ``name``."""
    pieces = _pieces(part)
    found = _starts(pieces).get(name)
    if not found:
        return double_element(part, rng)
    start = rng.choice(found)
    at = rng.choice([start, _end(pieces, start) + 1])
    return b"".join([*pieces[:at], extra, *pieces[at:]])


def encoding(part: bytes, rng: Random) -> bytes:
    """The part is in another encoding, or says so."""
    text = part.decode("utf-8", "replace")
    said = rng.choice(["utf-16", "gb18030", "latin-1", "utf-7", "x"])
    declared = re.sub(r'encoding="[^"]*"', f'encoding="{said}"', text, count=1)
    if rng.random() < 0.5 or said in ("utf-7", "x"):
        return declared.encode()
    return declared.encode(said, "xmlcharrefreplace")


def declaration(part: bytes, rng: Random) -> bytes:
    """A document type, an entity or junk before the first element."""
    added = rng.choice(
        [
            b"<!DOCTYPE a>",
            b'<!DOCTYPE a [<!ENTITY b "c">]>',
            b"<!-- x -->",
            b"<?x y?>",
            b"\xef\xbb\xbf",
            b"\n",
            b"x",
        ]
    )
    head, mark, body = part.partition(b"?>")
    return head + mark + added + body if mark else added + part


CHANGES: tuple[Change, ...] = (
    odd_attribute, odd_attribute, near_attribute, drop_attribute, double_attribute, rename_attribute, requote_attribute,
    swap_attributes, double_element, drop_element, drop_tag, move_element, swap_elements, rename_element, wrap_element,
    foreign_twin, odd_text, other_text, dressed_text, long_text, second_value, second_sheet_data, number_format,
    cell_type, rich_string, encoding, declaration,
)  # fmt: skip
"""Every change to a part."""
