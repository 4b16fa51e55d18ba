"""Words that come from elsewhere and are shown by these pages: the base policy's sentences, refusals."""

from banyan.web.i18n import N_

POLICY_SENTENCES = (
    N_("The platform's own background work"),
    N_("Directories of institutions, places, staff, forms and terms are open to everyone signed in"),
    N_("A care relationship: the patient was entrusted to this person, unit or institution"),
    N_("A care relationship: the patient was announced to, or stays at, this institution"),
    N_("Emergency extract: what matters in an emergency of the citizen being rescued"),
    N_("What the own institution recorded of the citizen being rescued"),
    N_("Break-glass: opened in an emergency with a reason, reviewed afterwards"),
    N_("Clinicians may break the glass with a reason"),
    N_("Who treats or takes calls may look for a citizen's identity before there is a relationship"),
    N_("Dispatchers see calls and what dispatch needs"),
    N_("Quality officers and chiefs see the cases of their institution; without one, of the region"),
    N_("Quality officers and chiefs see the cases that were treated at their institution"),
    N_("Registrars keep the registers of citizens, institutions, places and staff"),
    N_("Administrators keep institutions, places and staff; they read no patient's data"),
    N_(
        "Administrators give accounts, roles and sign-in links, in their institution; without one, everywhere"
    ),
    N_("Auditors read the audit trail"),
    N_("An institution's systems write and read what is of their own institution"),
    N_("A citizen sees the own record"),
)
REFUSALS = (N_("The present password is not right."),)
