"""The language: FHIR R4 definitions, validation and search plans, without any input or output."""
