"""Shared strings found by a search are those that a parser finds, or the search finds none."""

from __future__ import annotations

import pytest

from govdisclose.read.workbook.strings import BadStringsError, SharedStrings, shared_strings

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
ROOM = 10_000

PLAIN = {
    "texts": "<si><t>一</t></si><si><t>0</t></si>",
    "one": "<si><t>总体情况</t></si>",
    "an empty one": "<si><t></t></si><si><t>二</t></si>",
    "blanks at the ends": "<si><t> \t一\n </t></si><si><t>\u3000一\xa0</t></si>",
    "blanks that are kept": '<si><t xml:space="preserve"> 一\n二 </t></si><si><t> 三</t></si>',
    "entities": "<si><t>A&amp;B &lt;si&gt; &quot;&apos;</t></si><si><t>&amp;lt;</t></si>",
    "numbers of characters": "<si><t>a_x000D_b _x4E00_ _xD800_ _x_</t></si>",
    "hints of pronunciation": '<si><t>一</t><phoneticPr fontId="1" type="noConversion"/></si>',
    "rare characters": "<si><t>\U00020000\x7f\x85\u2028\ue000</t></si>",
}
"""Strings that a search finds."""

PARSED = {
    "runs": "<si><r><rPr><b/></rPr><t>一</t></r><r><t>二</t></r></si><si><t>三</t></si>",
    "an empty tag": "<si><t/></si><si/><si><t>三</t></si>",
    "a greater-than sign": "<si><t>a>b</t></si>",
    "a character by its number": "<si><t>&#x4E00;&#13;</t></si>",
    "other ends of lines": "<si><t>一\r\n二\r三</t></si>",
    "marked data": "<si><t><![CDATA[</t></si><si><t>]]></t></si>",
    "another attribute": '<si><t xml:space="default"> 一</t></si><si><t a="1">二</t></si>',
    "blanks between": "<si><t>一</t></si>\n<si><t>二</t></si>",
}
"""Strings that are left to the parser."""

BROKEN = {
    "an unknown entity": "<si><t>&nbsp;</t></si>",
    "half an entity": "<si><t>A&B</t></si>",
    "half an entity at the end": "<si><t>A&amp</t></si>",
    "a control character": "<si><t>a\x01</t></si>",
    "no character": "<si><t>\uffff</t></si>",
    "the end of marked data": "<si><t>]]></t></si>",
    "a tag without an end": "<si><t</t></si><si><t>a>b</t></si>",
    "an element in between": "<si><t>一</t></si></x><si><t>二</t></si>",
}


def part(strings: str, root: str = f'<sst xmlns="{MAIN}">', head: str = DECLARATION) -> bytes:
    return f"{head}{root}{strings}</sst>".encode()


def by_parser(data: bytes) -> SharedStrings:
    """The same strings with a comment behind them, which no search passes over."""
    return shared_strings(data.replace(b"</sst>", b"<!-- --></sst>"), room=ROOM)


ROOTS = {
    "counted": f'<sst xmlns="{MAIN}" count="2" uniqueCount="2">',
    "strict": f'<sst xmlns="{STRICT}">',
}


@pytest.mark.parametrize("root", ROOTS.values(), ids=ROOTS)
@pytest.mark.parametrize("strings", PLAIN.values(), ids=PLAIN)
def test_plain_strings_are_those_of_the_parser(strings: str, root: str) -> None:
    data = part(strings, root)
    found, parsed = shared_strings(data, room=ROOM), by_parser(data)
    assert found.plain
    assert not parsed.plain
    assert found.texts == parsed.texts


@pytest.mark.parametrize("strings", PARSED.values(), ids=PARSED)
def test_other_strings_are_left_to_the_parser(strings: str) -> None:
    data = part(strings)
    found = shared_strings(data, room=ROOM)
    assert not found.plain
    assert found.texts == by_parser(data).texts


@pytest.mark.parametrize("strings", BROKEN.values(), ids=BROKEN)
def test_what_a_parser_refuses_is_refused(strings: str) -> None:
    with pytest.raises(BadStringsError):
        shared_strings(part(strings), room=ROOM)


HEADS = {
    "of another namespace": part("<si><t>一</t></si>", '<sst xmlns="urn:x">'),
    "without a namespace": part("<si><t>一</t></si>", "<sst>"),
    "with an attribute twice": part("<si><t>一</t></si>", f'<sst xmlns="{MAIN}" a="1" a="1">'),
    "with something before it": part("<si><t>一</t></si>", head="x"),
    "with something behind it": part("<si><t>一</t></si>") + b"x</t></si></sst>",
    "in bytes that are no text": part("<si><t>?</t></si>").replace(b"?", b"\xff"),
}


@pytest.mark.parametrize("data", HEADS.values(), ids=HEADS)
def test_a_part_that_is_no_list_of_strings_is_refused(data: bytes) -> None:
    with pytest.raises(BadStringsError):
        shared_strings(data, room=ROOM)


def test_a_part_in_another_encoding_is_left_to_the_parser() -> None:
    head = '<?xml version="1.0" encoding="utf-16"?>'
    data = part("<si><t>一</t></si>", head=head).decode().encode("utf-16")
    found = shared_strings(data, room=ROOM)
    assert not found.plain
    assert found.texts == ["一"]
