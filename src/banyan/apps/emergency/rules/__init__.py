"""Clinical rules: pure, cited, versioned; each shown with what is missing and how far it is checked."""

from banyan.apps.emergency.rules.evaluation import UnknownRule, describe, evaluate, names
from banyan.apps.emergency.vitals import OutOfRange

__all__ = ["OutOfRange", "UnknownRule", "describe", "evaluate", "names"]
