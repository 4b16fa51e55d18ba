"""The resident number of GB 11643: what it says, and what is wrong with one that cannot be."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stdnum.cn import ric

RESIDENT_ID = "https://banyan.example/NamingSystem/resident-id"
LENGTH = 18
EARLIEST = date(1900, 1, 1)


class ResidentIdError(ValueError):
    """A number that nobody can have; `kind` is length, character, date or checksum."""

    def __init__(self, kind: str, message: str, *, expected: str | None = None) -> None:
        super().__init__(message)
        self.kind, self.expected = kind, expected


@dataclass(frozen=True, slots=True)
class ResidentId:
    number: str
    birth_date: date
    sex: Literal["male", "female"]


def parse(text: str, *, today: date) -> ResidentId:
    """The number as it is written on the card, with spaces and full-width digits forgiven.

    The place of the first six digits is not checked: districts are renamed, and the numbers stay.
    Raises: ResidentIdError. Source: GB 11643-1999, ISO 7064 MOD 11-2.
    """
    number = "".join(c for c in unicodedata.normalize("NFKC", text).upper() if not c.isspace() and c != "-")
    if len(number) != LENGTH:
        raise ResidentIdError("length", f"A resident number has 18 characters; this one has {len(number)}.")
    for place, character in enumerate(number, 1):
        digit = character.isascii() and character.isdigit()
        if not digit and not (place == LENGTH and character == "X"):
            raise ResidentIdError("character", f'Character {place} is "{character}"; it must be a digit.')
    born = _birth_date(number, today)
    expected = ric.calc_check_digit(number)
    if number[-1] != expected:
        raise ResidentIdError(
            "checksum",
            f"The last character is {number[-1]}, but the other 17 ask for {expected}: one is mistyped.",
            expected=expected,
        )
    return ResidentId(number, born, "male" if int(number[16]) % 2 else "female")


def _birth_date(number: str, today: date) -> date:
    written = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    try:
        born = date.fromisoformat(written)
    except ValueError as error:
        raise ResidentIdError("date", f"Characters 7 to 14 say born {written}, which is no date.") from error
    if not EARLIEST <= born <= today:
        raise ResidentIdError("date", f"Characters 7 to 14 say born {written}: before 1900 or after today.")
    return born
