"""Emergency collaboration: from the call to the handover."""
