"""Where to take this patient: suitable and quickest first, every other one with why it was passed over."""

import random
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from banyan.apps.emergency.destination import (
    STALE_AFTER_MIN,
    Diversion,
    Hospital,
    LiveStatus,
    needs_of,
    rank_hospitals,
    reconsider,
)
from banyan.apps.emergency.needs import CAPABILITIES, PATHWAYS
from banyan.apps.emergency.reasons import in_words

NOW = datetime(2026, 11, 24, 18, 29, tzinfo=UTC)
STEMI = needs_of({"pathway": "stemi", "level": 1, "age": 58, "minutes_since_contact": 5})
PCI = ("emergency", "pci", "thrombolysis", "ct", "icu")
LYSIS = ("emergency", "thrombolysis", "ct")


def a_hospital(
    name: str, capabilities=PCI, *, minutes_old=2, on_the_way=0, in_region=True, **status
) -> Hospital:
    plain = {"beds": 6, "icu": 2, "cathlab": "free" if "pci" in capabilities else None}
    live = LiveStatus(NOW - timedelta(minutes=minutes_old), **(plain | status))
    return Hospital(name, name, frozenset(capabilities), live, on_the_way, in_region)


def ranked(needs, hospitals, minutes, **more):
    return rank_hospitals(needs, hospitals, {k: v * 60 for k, v in minutes.items()}, NOW, **more)


def order(options):
    return [each.hospital for each in options if each.rank is not None]


def words(option):
    return [in_words(r, str, timezone(timedelta(hours=8))) for r in option.reasons]


def test_stemi_goes_to_the_soonest_wire_and_says_why_the_nearer_ones_were_passed_over():
    options = ranked(
        STEMI,
        [
            a_hospital("second"),
            a_hospital("provincial"),
            a_hospital("first", cathlab="busy", cathlab_until=NOW + timedelta(minutes=50), on_the_way=1),
            a_hospital("tcm", LYSIS),
            a_hospital("east", diversions=(Diversion(frozenset({"stemi"}), NOW + timedelta(hours=1)),)),
        ],
        {"second": 11, "provincial": 19, "first": 14, "tcm": 6, "east": 8},
    )
    assert order(options) == ["second", "provincial", "first"]
    assert [each.rank for each in options] == [1, 2, 3, None, None]
    assert options[0].eta == NOW + timedelta(minutes=11)
    assert options[0].wire_minutes == pytest.approx(5 + 11 + 60)
    passed = {each.hospital: words(each) for each in options if each.rank is None}
    assert passed["tcm"][:2] == ["No PCI, lysis only", "5 min nearer"]
    assert passed["east"][0] == "On diversion for ST-elevation infarction until 03:29"
    assert "Catheter laboratory busy until 03:19" in words(options[2])
    assert "Patients already on the way: 1" in words(options[2])


def test_stemi_far_from_pci_goes_to_lysis_first():
    options = ranked(STEMI, [a_hospital("city"), a_hospital("county", LYSIS)], {"city": 90, "county": 12})
    assert order(options) == ["county", "city"]
    assert "physician decides" in words(options[0])[0]
    near = ranked(STEMI, [a_hospital("city"), a_hospital("county", LYSIS)], {"city": 55, "county": 12})
    assert order(near) == ["city"]


def test_lysis_is_not_offered_against_a_contraindication_or_after_twelve_hours():
    for facts in ({"contraindication": True}, {"onset_h": 13}):
        needs = needs_of({"pathway": "stemi", **facts})
        options = ranked(needs, [a_hospital("city"), a_hospital("county", LYSIS)], {"city": 90, "county": 12})
        assert order(options) == ["city"]


def test_a_closed_laboratory_is_passed_over():
    options = ranked(STEMI, [a_hospital("a", cathlab="closed"), a_hospital("b")], {"a": 5, "b": 30})
    assert order(options) == ["b"]
    assert words(options[1])[0] == "Catheter laboratory closed"


def test_a_stale_status_counts_as_unknown_and_says_its_age():
    old = a_hospital("a", minutes_old=STALE_AFTER_MIN + 5, cathlab="closed", beds=0)
    option = ranked(STEMI, [old], {"a": 10})[0]
    assert option.rank == 1
    assert option.status_stale
    assert f"Status is {STALE_AFTER_MIN + 5} min old and not counted" in words(option)
    assert "Catheter laboratory: not known, ask" in words(option)


def test_a_diversion_without_end_that_is_stale_is_a_question_not_an_exclusion():
    old = a_hospital("a", minutes_old=STALE_AFTER_MIN + 5, diversions=(Diversion(),))
    option = ranked(needs_of({}), [old], {"a": 10})[0]
    assert option.rank == 1
    assert "Said it was on diversion for other: ask" in words(option)


def test_diversion_of_another_pathway_does_not_matter():
    hospital = a_hospital("a", diversions=(Diversion(frozenset({"trauma"})),))
    assert order(ranked(STEMI, [hospital], {"a": 10})) == ["a"]


def test_a_hospital_that_never_said_anything_can_still_be_first():
    silent = Hospital("a", "a", frozenset(PCI))
    option = ranked(STEMI, [silent], {"a": 10})[0]
    assert option.rank == 1
    assert "Has not said how it stands" in words(option)


def test_outside_the_region_or_without_a_road():
    options = ranked(
        STEMI, [a_hospital("a"), a_hospital("far", in_region=False), a_hospital("island")], {"a": 10}
    )
    said = {each.hospital: words(each) for each in options}
    assert said["far"] == ["Outside the region: no road time"]
    assert said["island"] == ["No road there from the patient"]


def test_a_straight_line_is_said():
    option = ranked(STEMI, [a_hospital("a")], {"a": 9}, straight_line={"a"})[0]
    assert "Straight-line estimate, not by road" in words(option)


def test_where_all_are_unsuitable_the_least_unsuitable_is_offered():
    options = ranked(
        needs_of({"pathway": "stroke"}),
        [a_hospital("clinic", ("emergency",)), a_hospital("ct", ("emergency", "ct"))],
        {"clinic": 3, "ct": 20},
    )
    assert order(options) == ["ct"]
    assert options[0].last_resort
    assert "No hospital in reach has all that is needed" in words(options[0])
    assert ranked(STEMI, [a_hospital("a")], {})[0].rank is None


def test_full_beds_are_worth_some_minutes_not_everything():
    options = ranked(needs_of({}), [a_hospital("full", beds=0), a_hospital("b")], {"full": 5, "b": 15})
    assert order(options) == ["b", "full"]
    options = ranked(needs_of({}), [a_hospital("full", beds=0), a_hospital("b")], {"full": 5, "b": 40})
    assert order(options) == ["full", "b"]


def test_a_critical_child_needs_paediatrics():
    needs = needs_of({"age": 4, "level": 1})
    options = ranked(
        needs, [a_hospital("adult"), a_hospital("child", (*PCI, "paediatrics"))], {"adult": 4, "child": 20}
    )
    assert order(options) == ["child"]
    assert "No paediatrics" in words(options[1])


def test_a_large_vessel_stroke_bypasses_for_thrombectomy_only_so_far():
    needs = needs_of({"pathway": "stroke", "lvo_suspected": True})
    big = a_hospital("big", (*PCI, "thrombectomy", "stroke_unit"))
    small = a_hospital("small", (*LYSIS, "stroke_unit"))
    assert order(ranked(needs, [big, small], {"big": 20, "small": 8}))[0] == "big"
    assert order(ranked(needs, [big, small], {"big": 60, "small": 8}))[0] == "small"


def test_red_trauma_prefers_the_highest_centre():
    needs = needs_of({"pathway": "trauma", "trauma_level": "red"})
    high, low = a_hospital("high", (*PCI, "trauma", "trauma_high")), a_hospital("low", (*PCI, "trauma"))
    assert order(ranked(needs, [high, low], {"high": 20, "low": 10}))[0] == "high"


def test_under_way_a_diversion_or_a_clearly_quicker_hospital_prompts():
    before = ranked(STEMI, [a_hospital("a"), a_hospital("b")], {"a": 10, "b": 14})
    assert reconsider(before, "a") is None
    assert reconsider(before, "b") is None
    after = ranked(STEMI, [a_hospital("a", diversions=(Diversion(),)), a_hospital("b")], {"a": 8, "b": 14})
    assert reconsider(after, "a").tone == "against"
    slower = ranked(STEMI, [a_hospital("a"), a_hospital("b")], {"a": 30, "b": 10})
    assert reconsider(slower, "a").params["minutes"] == pytest.approx(20)


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_every_pathway_names_capabilities_that_exist(pathway):
    for facts in (
        {"age": 5, "level": 1},
        {"age": 70, "level": 3, "lvo_suspected": True, "trauma_level": "red"},
    ):
        needs = needs_of({"pathway": pathway, **facts})
        assert set(needs.must) | set(needs.prefer) <= set(CAPABILITIES)


def test_ranking_sixty_hospitals_takes_well_under_a_millisecond():
    rng = random.Random(1)
    hospitals = [
        a_hospital(
            f"h{i}", rng.choice([PCI, LYSIS, (*PCI, "trauma")]), on_the_way=i % 3, icu=i % 2, minutes_old=i
        )
        for i in range(60)
    ]
    roads = {each.id: rng.uniform(120, 5400) for each in hospitals}
    took = []
    for _ in range(300):
        start = time.perf_counter()
        rank_hospitals(STEMI, hospitals, roads, NOW)
        took.append(time.perf_counter() - start)
    assert sorted(took)[len(took) // 2] < 0.0005
