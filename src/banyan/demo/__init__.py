"""The demo region: invented places and people on La Serena–Coquimbo's real roads."""

from banyan.demo.preparing import prepare

__all__ = ["prepare"]
