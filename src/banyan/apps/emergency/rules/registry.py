"""Every rule by its name."""

from banyan.apps.emergency.rules import news2
from banyan.apps.emergency.rules.rule import Rule

RULES: dict[str, Rule] = {module.RULE.name: module.RULE for module in (news2,)}
