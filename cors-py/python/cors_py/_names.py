"""The engine's names for denials and risks."""

from __future__ import annotations

import enum

from . import _native


class Denial(str, enum.Enum):
    """Why a request is denied. The values are the names that every program of this project uses."""

    ORIGIN_NOT_ALLOWED = "OriginNotAllowed"
    MALFORMED_ORIGIN = "MalformedOrigin"
    MULTIPLE_ORIGINS = "MultipleOrigins"
    MULTIPLE_REQUEST_METHODS = "MultipleRequestMethods"
    METHOD_NOT_ALLOWED = "MethodNotAllowed"
    MALFORMED_METHOD = "MalformedMethod"
    HEADER_NOT_ALLOWED = "HeaderNotAllowed"
    MALFORMED_HEADERS = "MalformedHeaders"
    HEADERS_TOO_LONG = "HeadersTooLong"

    @property
    def message(self) -> str:
        """The reason in a sentence."""
        return _native.denial_message(self.value)

    def __str__(self) -> str:
        return self.value


class Risk(str, enum.Enum):
    """A setting that is legal and dangerous: refused until `accept_risks` names it."""

    NULL_ORIGIN = "NullOrigin"
    ANY_ORIGIN_WITH_CREDENTIALS = "AnyOriginWithCredentials"
    INSECURE_ORIGIN = "InsecureOrigin"
    PUBLIC_SUFFIX = "PublicSuffix"

    @property
    def consequence(self) -> str:
        """What can go wrong, in a sentence."""
        return _native.risk_consequence(self.value)

    def __str__(self) -> str:
        return self.value
