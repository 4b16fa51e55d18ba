"""The names of the roles, as people say them."""

from banyan.web.i18n import N_

ROLE_NAMES = {
    "dispatcher": N_("Dispatcher"),
    "crew": N_("Ambulance crew"),
    "emergency_nurse": N_("Emergency nurse"),
    "emergency_doctor": N_("Emergency doctor"),
    "cardiologist": N_("Cardiologist on call"),
    "quality_officer": N_("Quality officer"),
    "chief": N_("Chief on duty"),
    "administrator": N_("Administrator"),
    "auditor": N_("Auditor"),
    "registrar": N_("Registrar"),
    "integrator": N_("Connected system"),
    "citizen": N_("Citizen"),
}
