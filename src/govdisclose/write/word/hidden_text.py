"""Text in a Word part that no page shows: hidden by itself, by its style, or by its size."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from xml.etree.ElementTree import Element

from attrs import frozen

from govdisclose.write.word.markup import Names, child, local, value, with_places

_OFF = ("0", "false", "off")
_ON = ("1", "true", "on")
_HIDING = ("vanish", "specVanish")
_SIZE = "sz"
_STYLED = ("pStyle", "rStyle", "tblStyle")
_GRAPHICS = ("docPr", "cNvPr")
_SUSPECT = frozenset((*_HIDING, "hidden", "textFill"))
"""Elements without which no text is hidden by itself, but for the size of its letters."""

_SUSPECT_ATTRIBUTES = frozenset(("hidden", "style"))
_HIDING_CSS = ("visibility:hidden", "display:none", "mso-hide:all")
_TINY = 4
"""Half points; letters of two points are dust on paper."""

_CLEAR = 90_000
"""Thousandths of a percent: letters so transparent cannot be read."""

_DIGITS_READ = 9
"""Digits of a number that are read: Python refuses to read thousands."""

_ADVICE = "请取消隐藏或删去"


# --- styles ---------------------------------------------------------------------------------------


@frozen
class _HidingStyle:
    """A style: its name, the style it is based on, and whether it says that its text is hidden."""

    name: str
    based_on: str
    hides: bool | None
    is_default: bool


def hidden_styles(roots: Collection[Element]) -> dict[str, str]:
    """The styles that hide their text, in any part: style id in small letters → its name.

    The id ``""`` stands for text without a style.
    """
    styles = dict(_styles(roots))
    found: dict[str, str] = {}
    hides_unstyled = any(map(_hides_unstyled, roots))
    for key, style in styles.items():
        if _hides(key, styles):
            found[key] = style.name
            hides_unstyled = hides_unstyled or style.is_default
    if hides_unstyled:
        found[""] = "默认格式"
    return found


def _styles(roots: Collection[Element]) -> Iterator[tuple[str, _HidingStyle]]:
    for root in roots:
        if local(root) != "styles":
            continue
        for node in root:
            if local(node) == "style":
                key = value(node, "styleId").lower()
                yield key, _style(node, key)


def _style(node: Element, key: str) -> _HidingStyle:
    name = value(child(node, "name"), "val")
    based_on = value(child(node, "basedOn"), "val")
    marks = [below for below in node.iter() if local(below) in _HIDING]
    hides = None
    if marks:
        hides = any(map(_is_on, marks))
    return _HidingStyle(
        name=name or key,
        based_on=based_on.lower(),
        hides=hides,
        is_default=value(node, "default") in _ON,
    )


def _hides(key: str, styles: Mapping[str, _HidingStyle]) -> bool:
    """Whether a style hides its text, by itself or through those it is based on."""
    seen: set[str] = set()
    while key in styles and key not in seen:
        style = styles[key]
        if style.hides is not None:
            return style.hides
        seen.add(key)
        key = style.based_on
    return False


def _hides_unstyled(root: Element) -> bool:
    """Whether the defaults of a part with styles hide text."""
    if local(root) != "styles":
        return False
    defaults = child(root, "docDefaults")
    if defaults is None:
        return False
    return any(local(node) in _HIDING and _is_on(node) for node in defaults.iter())


# --- text -----------------------------------------------------------------------------------------


def hidden_faults(root: Element, names: Names, hiding: Mapping[str, str]) -> Iterator[str]:
    """Text of one part that no page shows, with its paragraph; ``hiding`` are ``hidden_styles``."""
    default = hiding.get("")
    if default is not None and _has_text(root):
        yield f"的{default}是隐藏文字，{_ADVICE}"
    if not (hiding or _may_hide(root, names)):
        return
    in_styles = local(root) == "styles"
    for node, near in with_places(root):
        words = _hidden_by_style(node, hiding) or _hidden_drawing(node) or _unreadable(node)
        if not (words or in_styles):
            words = _hidden_directly(node)
        if words:
            yield f"{near}{words}"


def _has_text(root: Element) -> bool:
    return any(local(node) == "t" for node in root.iter())


def _may_hide(root: Element, names: Names) -> bool:
    """Whether anything in a part may be hidden by itself."""
    has_suspects = not _SUSPECT.isdisjoint(names.elements)
    if has_suspects or not _SUSPECT_ATTRIBUTES.isdisjoint(names.attributes):
        return True
    sizes = [tag for tag in names.tags if tag.rpartition("}")[2] == _SIZE]
    return any(_is_tiny_size(node) for node in root.iter() if node.tag in sizes)


def _hidden_directly(node: Element) -> str:
    if local(node) in _HIDING and _is_on(node):
        return f"有隐藏文字，{_ADVICE}"
    return ""


def _hidden_by_style(node: Element, hiding: Mapping[str, str]) -> str:
    if local(node) not in _STYLED:
        return ""
    key = value(node, "val").lower()
    name = hiding.get(key)
    if name is None:
        return ""
    return f"的样式“{name}”是隐藏文字，{_ADVICE}"


def _hidden_drawing(node: Element) -> str:
    """Why a row or a shape is not shown."""
    if local(node) == "trPr" and any(map(_hides_row, node)):
        return f"有隐藏的表格行，{_ADVICE}"
    style = node.get("style", "")
    if _is_hidden_graphic(node) or _css_hides(style):
        return f"有隐藏的图形，{_ADVICE}"
    return ""


def _is_hidden_graphic(node: Element) -> bool:
    if local(node) not in _GRAPHICS:
        return False
    return node.get("hidden", "0") not in _OFF


def _hides_row(mark: Element) -> bool:
    return local(mark) == "hidden" and _is_on(mark)


def _unreadable(node: Element) -> str:
    """Why text is there and cannot be read."""
    name = local(node)
    if name == "textFill" and any(map(_is_clear, node.iter())):
        return "有透明的文字，请改为实色或删去"
    if name == "r" and _is_tiny(node):
        return "有小得看不见的字，请删去或改大字号"
    return ""


def _is_clear(fill: Element) -> bool:
    """Whether letters are filled with nothing, or with next to nothing."""
    if local(fill) == "noFill":
        return True
    if local(fill) != "alpha":
        return False
    share = value(fill, "val")
    return share.isdecimal() and int(share[:_DIGITS_READ]) >= _CLEAR


def _css_hides(style: str) -> bool:
    if not style:
        return False
    plain = "".join(style.lower().split())
    return any(mark in plain for mark in _HIDING_CSS)


def _is_tiny(run: Element) -> bool:
    properties = child(run, "rPr")
    if not _is_tiny_size(child(properties, _SIZE)):
        return False
    texts = [node.text or "" for node in run if local(node) == "t"]
    return bool("".join(texts).strip())


def _is_tiny_size(node: Element | None) -> bool:
    size = value(node, "val")
    return size.isdecimal() and int(size[:_DIGITS_READ]) <= _TINY


def _is_on(node: Element) -> bool:
    return value(node, "val") not in _OFF
