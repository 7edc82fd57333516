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


class Recurring(Generic[_Key, _Value]):
    """As ``Recent``, for keys of which most never come back.

    The values of new keys are among the last ``few`` and then forgotten. One that comes back later
    is kept among the last ``most``, and stays known while new keys come and go.
    """

    def __init__(self, most: int, few: int) -> None:
        self._new: Recent[_Key, _Value] = Recent(few)
        self._known: Recent[_Key, _Value] = Recent(most)
        self._met: Recent[int, bool] = Recent(most)
        """The hashes of keys that were new: two keys with one hash only cost some memory."""

    def __len__(self) -> int:
        return len(self._new) + len(self._known)

    def __contains__(self, key: _Key) -> bool:
        return key in self._known or key in self._new

    def get(self, key: _Key) -> _Value | None:
        """The value of a key, if it is known."""
        value = self._known.get(key)
        if value is None:
            value = self._new.get(key)
        return value

    def keep(self, key: _Key, value: _Value) -> None:
        """Remember a value: for a short time, or for longer if its key was there before."""
        mark = hash(key)
        if self._met.get(mark) is None:
            self._met.keep(mark, True)
            self._new.keep(key, value)
        else:
            self._known.keep(key, value)
