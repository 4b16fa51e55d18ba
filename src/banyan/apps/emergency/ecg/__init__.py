"""The 12-lead ECG: frames on the wire, device files, ST levels, FHIR's SampledData."""
