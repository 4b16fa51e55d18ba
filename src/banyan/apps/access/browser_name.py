"""What a person would call a browser, from what it says of itself."""

BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("HuaweiBrowser", "Huawei browser"),
    ("SamsungBrowser", "Samsung browser"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """ "Chrome · Android"; what is unknown is left out."""
    found = (next((name for mark, name in marks if mark in agent), "") for marks in (BROWSERS, SYSTEMS))
    return " · ".join(part for part in found if part) or agent[:40]


def is_small(label: str) -> bool:
    """Whether it is a phone or a tablet."""
    return any(name in label for name in ("Android", "HarmonyOS", "iPhone", "iPad"))
