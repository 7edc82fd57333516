"""The colours of letters and of their background: letters in the colour of the paper are not
seen.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from attrs import evolve, frozen

from govdisclose.read.published.html.declared import Declared, ElementStyles

Rgb: TypeAlias = tuple[float, float, float]

_FAINTEST = 0.1
"""The opacity below which nobody sees a letter."""
_ALIKE = 0.1
"""The difference of a channel below which two colours look the same."""
_INHERITED = frozenset(["inherit", "unset", "currentcolor"])


@frozen
class Colours:
    """The colours of letters and of their background; ``None`` for an unknown one."""

    letters: Rgb | None = (0.0, 0.0, 0.0)
    behind: Rgb | None = (1.0, 1.0, 1.0)

    @property
    def hide_letters(self) -> bool:
        """Whether letters cannot be distinguished from their background."""
        if self.letters is None or self.behind is None:
            return False
        pairs = zip(self.letters, self.behind, strict=True)
        return all(abs(letter - behind) < _ALIKE for letter, behind in pairs)


def colours_of(node: Any, styles: ElementStyles, above: Colours) -> Colours:
    """The colours of an element inside one with the colours ``above``."""
    colours = _by_attributes(node, above)
    if not styles:
        return colours
    letters = styles.first_of("-webkit-text-fill-color", "color")
    if letters is not None and not letters.words & _INHERITED:
        colours = evolve(colours, letters=_rgb(_parsed(letters)))
    for name in ("background", "background-color", "background-image"):
        declared = styles.get(name)
        if declared is not None:
            colours = evolve(colours, behind=_behind(declared, colours.behind))
    return colours


def is_transparent(styles: ElementStyles) -> bool | None:
    """Whether letters have no colour at all; ``None`` when nothing is declared."""
    letters = styles.first_of("-webkit-text-fill-color", "color")
    if letters is None or letters.words & _INHERITED:
        return None
    parsed = _parsed(letters)
    return parsed is not None and bool(parsed.alpha < _FAINTEST)


def _by_attributes(node: Any, colours: Colours) -> Colours:
    """The colours that attributes give, as pages of an older kind do."""
    if node.tag == "font" and node.get("color"):
        colours = evolve(colours, letters=_rgb(_parsed_attribute(node.get("color"))))
    if node.get("bgcolor"):
        colours = evolve(colours, behind=_rgb(_parsed_attribute(node.get("bgcolor"))))
    if node.get("background"):
        colours = evolve(colours, behind=None)
    return colours


def _behind(declared: Declared, above: Rgb | None) -> Rgb | None:
    """The background of letters; it is unknown for pictures and gradients."""
    if declared.has_picture or any(word.endswith("gradient") for word in declared.words):
        return None
    for token in declared.tokens:
        parsed = _parsed(Declared((token,)))
        if parsed is not None:
            return above if parsed.alpha == 0 else _rgb(parsed)
    return None if declared.is_computed else above


def _parsed(declared: Declared) -> Any:
    """A colour of tinycss2, ``None`` for anything else."""
    from tinycss2.color4 import parse_color

    parsed = parse_color(declared.tokens[0]) if declared.tokens else None
    return None if parsed == "currentcolor" else parsed


def _parsed_attribute(text: str) -> Any:
    """The colour of an attribute, where the number sign may be missing."""
    from tinycss2.color4 import parse_color

    return parse_color(text) or parse_color(f"#{text}")


def _rgb(parsed: Any) -> Rgb | None:
    """A colour as red, green and blue; ``None`` for a transparent one."""
    if parsed is None or parsed == "currentcolor" or parsed.alpha < 1:
        return None
    red, green, blue = parsed.to("srgb").coordinates
    return (float(red or 0), float(green or 0), float(blue or 0))
