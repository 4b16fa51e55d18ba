"""The demo region: invented places and people on La Serena–Coquimbo's real roads."""
