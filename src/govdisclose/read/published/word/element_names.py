"""Names of elements in Word documents, and the simplest questions about properties."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

PARAGRAPH = W + "p"
PARAGRAPH_PROPERTIES = W + "pPr"
PARAGRAPH_STYLE = W + "pStyle"
RUN = W + "r"
RUN_PROPERTIES = W + "rPr"
RUN_STYLE = W + "rStyle"
TEXT = W + "t"
MATH_TEXT = MATH + "t"
TABLE = W + "tbl"
TABLE_PROPERTIES = W + "tblPr"
TABLE_STYLE = W + "tblStyle"
ROW = W + "tr"
ROW_PROPERTIES = W + "trPr"
CELL = W + "tc"
CELL_PROPERTIES = W + "tcPr"
CONTROL = W + "sdt"
CONTROL_PROPERTIES = W + "sdtPr"
CONTROL_CONTENT = W + "sdtContent"
VALUE = W + "val"

PROPERTIES = frozenset(
    W + name for name in ("pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr")
)
"""Elements that say something of others and hold no text."""
PICTURES = (W + "drawing", W + "pict", W + "object")

OFF = ("0", "false", "off")
"""Values that switch a property off; any other value, or none, switches it on."""
_DIGITS = 9
"""Digits of a number that are converted; Word allows no longer one."""


def child(node: Element | None, name: str) -> Element | None:
    """The child of that name; ``None`` also for no node."""
    if node is None:
        return None
    return node.find(name)


def value_of(node: Element | None) -> str:
    """The value of a property, ``""`` when there is none."""
    if node is None:
        return ""
    return node.get(VALUE, "")


def is_on(properties: Element | None, name: str) -> bool:
    """Whether a switch is on; ``name`` is without its namespace."""
    switch = child(properties, W + name)
    if switch is None:
        return False
    return switch.get(VALUE) not in OFF


def is_set(value: str | None) -> bool:
    """Whether an attribute that is a switch is on."""
    return value is not None and value not in OFF


def number(properties: Element | None, name: str, default: int) -> int:
    """The number that a property has; ``name`` is without its namespace."""
    value = value_of(child(properties, W + name))
    if value.isdecimal():
        return small_number(value)
    return default


def small_number(digits: str) -> int:
    """The number that some digits are."""
    return int(digits[:_DIGITS])


def texts(node: Element) -> Iterator[str]:
    """The texts below an element that are not empty."""
    for text in node.iter(TEXT):
        if text.text:
            yield text.text


def style_of(node: Element, properties: str, name: str) -> str | None:
    """The style that a paragraph or a table names."""
    style = child(node.find(properties), name)
    if style is None:
        return None
    return style.get(VALUE)
