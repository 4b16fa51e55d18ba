"""The resident number: what it says, and which words a wrong one gets."""

from datetime import date

import pytest

from banyan.identity import ResidentIdError, parse

TODAY = date(2026, 3, 12)


def test_says_birth_date_and_sex() -> None:
    found = parse("11010519491231002X", today=TODAY)  # the worked example of GB 11643-1999, annex A
    assert (found.number, found.birth_date, found.sex) == ("11010519491231002X", date(1949, 12, 31), "female")


@pytest.mark.parametrize(
    "written", ["110105 19491231 002x", "１１０１０５１９４９１２３１００２Ｘ", " 110105-19491231-002X "]
)
def test_forgives_how_it_is_written(written: str) -> None:
    assert parse(written, today=TODAY).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "kind", "says"),
    [
        ("110105194912310021", "checksum", "ask for X"),
        ("1101051949123100", "length", "has 16"),
        ("11010519491331002X", "date", "1949-13-31, which is no date"),
        ("11010520991231002X", "date", "after today"),
        ("11O10519491231002X", "character", 'Character 3 is "O"'),
        ("", "length", "has 0"),
    ],
)
def test_says_what_is_wrong(number: str, kind: str, says: str) -> None:
    with pytest.raises(ResidentIdError, match=says) as wrong:
        parse(number, today=TODAY)
    assert wrong.value.kind == kind
    assert (wrong.value.expected == "X") is (kind == "checksum")


def test_every_single_wrong_digit_is_found() -> None:
    good = "11010519491231002X"
    for place in range(17):
        for digit in "0123456789":
            if digit != good[place]:
                with pytest.raises(ResidentIdError):
                    parse(good[:place] + digit + good[place + 1 :], today=date(2100, 1, 1))
