"""The CSS names that reading a page needs: properties, states and pseudo-elements.

A property is understood, harmless, or neither. Text whose style is neither may look different from
the stored text.
"""

from __future__ import annotations

PROPERTIES = frozenset([
    "all", "clip", "clip-path", "color", "content", "content-visibility", "direction", "display",
    "filter", "flex-direction", "flex-flow", "float", "font", "font-size", "height", "inset",
    "left", "letter-spacing", "margin", "margin-left", "mask", "max-height", "max-width",
    "mso-hide", "mso-text-raise", "opacity", "order", "overflow", "overflow-x", "overflow-y",
    "position", "right", "bottom", "top", "rotate", "scale", "text-decoration",
    "text-decoration-line", "text-indent", "transform", "translate", "unicode-bidi",
    "vertical-align", "visibility", "width", "-webkit-text-fill-color", "-webkit-text-security",
    "background", "background-color", "background-image", "margin-bottom", "margin-top", "padding",
    "padding-bottom", "padding-top", "grid-area", "grid-column", "grid-row", "list-style",
    "list-style-type", "quotes",
])  # fmt: skip
"""Properties that decide whether and where text is seen. Only these are kept."""

HARMLESS = frozenset([
    "align-content", "align-items", "appearance", "background-attachment", "background-position",
    "background-repeat", "background-size", "border", "border-bottom", "border-bottom-color",
    "border-bottom-style", "border-bottom-width", "border-collapse", "border-color", "border-image",
    "border-left", "border-radius", "border-right", "border-spacing", "border-style", "border-top",
    "border-width", "box-shadow", "box-sizing", "break-after", "break-before", "break-inside",
    "caption-side", "clear", "cursor", "empty-cells", "flex", "flex-grow", "flex-shrink",
    "flex-wrap", "font-family", "font-kerning", "font-stretch", "font-style", "font-synthesis",
    "font-weight", "gap", "hyphens", "justify-content", "layout-grid-mode", "line-break",
    "line-height", "min-height", "min-width", "orphans", "outline", "overflow-wrap", "padding-left",
    "padding-right", "page", "page-break-after", "page-break-before", "page-break-inside",
    "pointer-events", "punctuation-trim", "punctuation-wrap", "resize", "size", "tab-interval",
    "tab-size", "tab-stops", "table-layout", "text-align", "text-align-last", "text-autospace",
    "text-decoration-color", "text-decoration-skip-ink", "text-decoration-style",
    "text-decoration-thickness", "text-emphasis", "text-justify", "text-kashida",
    "text-kashida-space", "text-overflow", "text-rendering", "text-shadow", "text-size-adjust",
    "text-transform", "text-underline", "text-underline-offset", "transition", "user-select",
    "white-space", "widows", "word-break", "word-wrap", "z-index",
])  # fmt: skip
"""Properties that change neither whether nor where text is seen."""
HARMLESS_PREFIXES = (
    "-ms-",
    "-moz-",
    "-o-",
    "-khtml-",
    "mso-",
    "border-",
    "scrollbar-",
    "-webkit-text-stroke",
    "-webkit-font-",
    "-webkit-tap",
)
"""Beginnings of further harmless properties."""
BROWSER_STATES = frozenset([
    "focus-visible", "focus-within", "any-link", "placeholder-shown", "autofill", "modal",
    "fullscreen", "popover-open", "defined", "read-only", "read-write", "required", "optional",
    "valid", "invalid", "default", "indeterminate", "in-range", "out-of-range", "user-valid",
    "user-invalid", "host", "playing", "paused", "target-within", "dir",
])  # fmt: skip
"""Pseudo-classes that browsers know and cssselect does not; the other selectors still hold."""
PSEUDO_ELEMENTS = frozenset([
    "before", "after", "first-line", "first-letter", "marker", "selection", "placeholder",
    "backdrop", "cue", "file-selector-button", "target-text", "spelling-error", "grammar-error",
])  # fmt: skip
"""Pseudo-elements that browsers know. A rule with any other one is dropped as a whole."""
