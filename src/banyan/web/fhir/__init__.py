"""The FHIR R4 endpoint: bytes in, bytes out, through the one door."""
