"""Types that annotations name, there when a program asks for them (`typing.get_type_hints`)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from typing_extensions import Unpack as Unpack
elif sys.version_info >= (3, 11):
    from typing import Unpack as Unpack
else:

    class Unpack:
        """Python 3.10 has none: a keyword argument is of any type."""

        def __class_getitem__(cls, item: object) -> object:
            return Any


Headers: TypeAlias = Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]] | Mapping[str, str] | Mapping[str, Any]
"""The header fields of a request: those of an ASGI scope, a WSGI environ, a mapping, or pairs."""
