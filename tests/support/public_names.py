"""The names that users import: those of the package itself, and those of its namespaces."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import govdisclose

MODULES = {
    name: getattr(govdisclose, name)
    for name in govdisclose.__all__
    if isinstance(getattr(govdisclose, name), ModuleType)
}
"""The namespaces."""


def names() -> Iterator[tuple[str, object]]:
    """Every public name with its object, those of the namespaces among them."""
    for name in govdisclose.__all__:
        if name not in MODULES:
            yield name, getattr(govdisclose, name)
    for module in MODULES.values():
        for name in module.__all__:
            yield f"{module.__name__.rpartition('.')[2]}.{name}", getattr(module, name)
