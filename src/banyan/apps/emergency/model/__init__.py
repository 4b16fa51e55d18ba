"""The emergency's facts as FHIR resources: how each is written, how each is read."""
