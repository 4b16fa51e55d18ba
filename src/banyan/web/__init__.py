"""The house front: server, FHIR REST, shell, design system, live events."""
