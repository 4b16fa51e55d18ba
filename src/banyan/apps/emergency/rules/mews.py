"""MEWS, the Modified Early Warning Score of Subbe 2001."""

from banyan.apps.emergency.rules.rule import Choice, Conclusion, Option, Rule, vital

RULE = Rule(
    name="mews",
    title="Modified Early Warning Score",
    status="checked",
    source="Subbe et al., QJM 2001;94:521",
    inputs=(
        vital(
            "hr",
            "Heart rate",
            ((None, 40, 2), (41, 50, 1), (51, 100, 0), (101, 110, 1), (111, 129, 2), (130, None, 3)),
            decimals=0,
        ),
        vital(
            "rr",
            "Respiratory rate",
            ((None, 8, 2), (9, 14, 0), (15, 20, 1), (21, 29, 2), (30, None, 3)),
            decimals=0,
        ),
        vital(
            "sbp",
            "Systolic pressure",
            ((None, 70, 3), (71, 80, 2), (81, 100, 1), (101, 199, 0), (200, None, 2)),
            decimals=0,
        ),
        vital("temp", "Temperature", ((None, 34.9, 2), (35.0, 38.4, 0), (38.5, None, 2)), decimals=1),
        Choice(
            "avpu",
            "Consciousness",
            (
                Option("A", "Alert", 0),
                Option("V", "Responds to voice", 1),
                Option("P", "Responds to pain", 2),
                Option("U", "Unresponsive", 3),
            ),
        ),
    ),
    conclusions=(Conclusion("act", true_from=5),),
)
