"""Text in a Word part that no page shows: hidden by itself, by its style, or by its size."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from xml.etree.ElementTree import Element

from govdisclose.write.word.markup import child, local, nearby, value, with_paragraphs

_OFF = ("0", "false", "off")
_HIDING = ("vanish", "specVanish")
_STYLED = ("pStyle", "rStyle", "tblStyle")
_TINY = 4
"""Half points; letters of two points are dust on paper."""

_CLEAR = 90_000
"""Thousandths of a percent: letters so transparent cannot be read."""

_ADVICE = "请取消隐藏或删除"


def hidden_styles(roots: Collection[Element]) -> dict[str, str]:
    """The styles that hide their text, in any part: style id in small letters → its name.

    The id ``""`` stands for text without a style.
    """
    own: dict[str, bool] = {}
    based: dict[str, str] = {}
    names: dict[str, str] = {}
    defaults: list[str] = []
    for style in _styles(roots):
        key = value(style, "styleId").lower()
        names[key] = value(child(style, "name"), "val") or key
        based[key] = value(child(style, "basedOn"), "val").lower()
        marks = [node for node in style.iter() if local(node) in _HIDING]
        if marks:
            own[key] = any(map(_is_on, marks))
        if value(style, "default") in ("1", "true", "on"):
            defaults.append(key)
    found = {key: name for key, name in names.items() if _hides(key, own, based)}
    unstyled = [root for root in roots if _default_hides(root)]
    if unstyled or any(key in found for key in defaults):
        found[""] = "默认格式"
    return found


def _styles(roots: Collection[Element]) -> Iterator[Element]:
    for root in roots:
        if local(root) == "styles":
            yield from (node for node in root if local(node) == "style")


def _default_hides(root: Element) -> bool:
    defaults = child(root, "docDefaults") if local(root) == "styles" else None
    return defaults is not None and any(
        local(node) in _HIDING and _is_on(node) for node in defaults.iter()
    )


def _hides(key: str, own: Mapping[str, bool], based: Mapping[str, str]) -> bool:
    """Whether a style hides its text, by itself or through those it is based on."""
    seen: set[str] = set()
    while key and key not in seen:
        if key in own:
            return own[key]
        seen.add(key)
        key = based.get(key, "")
    return False


def hidden_faults(root: Element, styles: Mapping[str, str]) -> Iterator[str]:
    """Text of one part that no page shows, with the paragraph it stands in; ``styles`` are those that hide theirs."""
    if "" in styles and any(local(node) == "t" for node in root.iter()):
        yield f"的{styles['']}是隐藏文字，{_ADVICE}"
    in_styles = local(root) == "styles"
    for node, paragraph in with_paragraphs(root):
        name = local(node)
        near = nearby(paragraph)
        if name in _HIDING and _is_on(node) and not in_styles:
            yield f"{near}有隐藏文字，{_ADVICE}"
        elif name in _STYLED and value(node, "val").lower() in styles:
            yield f"{near}的样式“{styles[value(node, 'val').lower()]}”是隐藏文字，{_ADVICE}"
        elif name == "trPr" and any(local(mark) == "hidden" and _is_on(mark) for mark in node):
            yield f"{near}有隐藏的表格行，{_ADVICE}"
        elif (name in ("docPr", "cNvPr") and node.get("hidden", "0") not in _OFF) or _css_hides(
            node.get("style", "")
        ):
            yield f"{near}有隐藏的图形，{_ADVICE}"
        elif name == "textFill" and any(map(_is_clear, node.iter())):
            yield f"{near}有透明的文字，请改为实色或删除"
        elif name == "r" and _is_tiny(node):
            yield f"{near}有小得看不见的字，请删除或改大字号"


def _is_clear(fill: Element) -> bool:
    """Whether letters are filled with nothing, or with next to nothing."""
    share = value(fill, "val")
    return local(fill) == "noFill" or (
        local(fill) == "alpha" and share.isdecimal() and int(share[:9]) >= _CLEAR
    )


def _css_hides(style: str) -> bool:
    plain = "".join(style.lower().split())
    return any(mark in plain for mark in ("visibility:hidden", "display:none", "mso-hide:all"))


def _is_tiny(run: Element) -> bool:
    look = child(run, "rPr")
    size = value(child(look, "sz"), "val")
    text = "".join(node.text or "" for node in run if local(node) == "t").strip()
    return bool(text) and size.isdecimal() and int(size) <= _TINY


def _is_on(node: Element) -> bool:
    return value(node, "val") not in _OFF
