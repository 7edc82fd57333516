"""A memory of fixed size: whatever nobody has asked for the longest is forgotten first."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Recent(Generic[_Key, _Value]):
    """The values of the last ``most`` keys that were kept or asked for.

    Several threads may share one. A value may then be missing while another thread asks for it, so
    it must be possible to find every value again.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[_Key, _Value] = {}
        """The key that was used last stands last."""

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: _Key) -> bool:
        return key in self._values

    def get(self, key: _Key) -> _Value | None:
        """The value of a key, if it is known. It is then the last to be forgotten."""
        value = self._values.pop(key, None)
        if value is not None:
            self._values[key] = value
        return value

    def keep(self, key: _Key, value: _Value) -> None:
        """Remember a value; beyond the limit the one that was not used the longest is forgotten."""
        self._values.pop(key, None)
        self._values[key] = value
        if len(self._values) > self._most:
            oldest, *_ = self._values  # one step, because other threads may change the values
            self._values.pop(oldest, None)
