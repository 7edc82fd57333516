"""The colours of letters and of what is behind them: letters of the same colour are not seen."""

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
        for letter, behind in zip(self.letters, self.behind, strict=True):
            difference = abs(letter - behind)
            if difference >= _ALIKE:
                return False
        return True


def colours_of(node: Any, styles: ElementStyles, above: Colours) -> Colours:
    """The colours of an element inside one with the colours ``above``."""
    colours = _by_attributes(node, above)
    if not styles:
        return colours
    letters = styles.first_of("-webkit-text-fill-color", "color")
    if letters is not None and not letters.words & _INHERITED:
        colour = _parsed(letters)
        colours = evolve(colours, letters=_rgb(colour))
    for name in ("background", "background-color", "background-image"):
        declared = styles.get(name)
        if declared is not None:
            behind = _behind(declared, colours.behind)
            colours = evolve(colours, behind=behind)
    return colours


def is_transparent(styles: ElementStyles) -> bool | None:
    """Whether letters have no colour at all; ``None`` when nothing is declared."""
    letters = styles.first_of("-webkit-text-fill-color", "color")
    if letters is None or letters.words & _INHERITED:
        return None
    parsed = _parsed(letters)
    if parsed is None:
        return False
    return bool(parsed.alpha < _FAINTEST)


def _by_attributes(node: Any, colours: Colours) -> Colours:
    """The colours that attributes give, as pages of an older kind do."""
    letters = node.get("color")
    if letters and node.tag == "font":
        colours = evolve(colours, letters=_of_attribute(letters))
    behind = node.get("bgcolor")
    if behind:
        colours = evolve(colours, behind=_of_attribute(behind))
    if node.get("background"):
        colours = evolve(colours, behind=None)
    return colours


def _behind(declared: Declared, above: Rgb | None) -> Rgb | None:
    """The background of letters; it is unknown for pictures and gradients."""
    if declared.has_picture:
        return None
    if any(word.endswith("gradient") for word in declared.words):
        return None
    for token in declared.tokens:
        parsed = _parsed(Declared((token,)))
        if parsed is None:
            continue
        if parsed.alpha == 0:
            return above
        return _rgb(parsed)
    return None if declared.is_computed else above


def _parsed(declared: Declared) -> Any:
    """A colour of tinycss2, ``None`` for anything else."""
    from tinycss2.color4 import parse_color

    if not declared.tokens:
        return None
    parsed = parse_color(declared.tokens[0])
    return None if parsed == "currentcolor" else parsed


def _of_attribute(text: str) -> Rgb | None:
    """The colour of an attribute, where the number sign may be missing."""
    from tinycss2.color4 import parse_color

    parsed = parse_color(text) or parse_color(f"#{text}")
    return _rgb(parsed)


def _rgb(parsed: Any) -> Rgb | None:
    """A colour as red, green and blue; ``None`` for a transparent one."""
    if parsed is None or parsed == "currentcolor":
        return None
    if parsed.alpha < 1:
        return None
    red, green, blue = parsed.to("srgb").coordinates
    return float(red or 0), float(green or 0), float(blue or 0)
