"""PEWS of Brighton: how ill a child is, by behaviour, circulation and breathing."""

from banyan.apps.emergency.rules.rule import Conclusion, Flag, Rule, scale

RULE = Rule(
    name="pews_brighton",
    title="Paediatric Early Warning Score (Brighton)",
    status="checked",
    source="Monaghan 2005",
    inputs=(
        scale(
            "behaviour",
            "Behaviour",
            "Playing, appropriate",
            "Sleeping",
            "Irritable",
            "Lethargic, confused, or reduced response to pain",
            aliases=("Behaviour",),
        ),
        scale(
            "cardiovascular",
            "Circulation",
            "Pink, capillary refill 1 to 2 s",
            "Pale, or capillary refill 3 s",
            "Grey, capillary refill 4 s, or heart rate 20 above normal",
            "Grey and mottled, capillary refill 5 s or more, heart rate 30 above normal or slow",
            aliases=("Cardiovascular",),
        ),
        scale(
            "respiratory",
            "Breathing",
            "Normal, no retractions",
            "More than 10 above normal, or accessory muscles",
            "More than 20 above normal, or retractions",
            "5 below normal with retractions or grunting",
            aliases=("Respiratory",),
        ),
        Flag(
            "nebuliser_every_15min", "Nebuliser every 15 minutes", 2, ("Use of nebulizer every 15 minutes",)
        ),
        Flag(
            "vomiting_after_surgery",
            "Persistent vomiting after surgery",
            2,
            ("Persisting vomiting following surgery",),
        ),
    ),
    conclusions=(Conclusion("risk", ((0, 2, "low"), (3, 4, "intermediate"), (5, 13, "high"))),),
)
