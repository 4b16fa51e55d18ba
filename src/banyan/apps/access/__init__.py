"""People, roles, devices and the audit trail: who may do what, and who did."""
