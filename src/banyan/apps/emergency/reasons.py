"""A reason in words: a message with its parameters, so that it can be said in any language."""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any, Literal

import msgspec

# good: speaks for it; caution: look at it; against: why it was passed over; info: neither.
Tone = Literal["good", "caution", "against", "info"]


class Reason(msgspec.Struct, frozen=True):
    """`message` is the English text and the message's name in the catalogues."""

    message: str
    params: Mapping[str, Any] = {}
    tone: Tone = "info"


def N_(message: str) -> str:
    """Marks a message for the catalogues where it is only named."""
    return message


def in_words(reason: Reason, translate: Callable[[str], str], zone: tzinfo) -> str:
    """The reason as a sentence; times as hours and minutes of the region, words translated."""
    return translate(reason.message).format(
        **{k: _said(v, translate, zone) for k, v in reason.params.items()}
    )


def _said(value: Any, translate: Callable[[str], str], zone: tzinfo) -> str:
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%H:%M")
    if isinstance(value, str):
        return translate(value)
    return str(round(value))
