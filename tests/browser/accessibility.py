"""WCAG 2.2 AA in a real browser: axe finds nothing, everything is reached by keyboard, text may double."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (tags) => {
  const found = await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']});
  const why = n => n.any[0]?.message ?? n.all[0]?.message ?? '';
  return found.violations.map(v => ({id: v.id, impact: v.impact, help: v.help,
    nodes: v.nodes.slice(0, 5).map(n => n.html.slice(0, 160) + ' — ' + why(n))}));
}"""
FOCUSED = """() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  const text = (e.getAttribute('aria-label') ?? e.textContent ?? '').trim().slice(0, 40);
  return {name: e.tagName + (e.id ? '#' + e.id : '') + ' ' + text,
          body: e === document.body, outline: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
          seen: r.width > 0 && r.height > 0};
}"""


async def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds wrong with the page as it stands."""
    # The policy of the page forbids foreign scripts; the debugger's own evaluation is not one.
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = await page.evaluate(RUN, RULES)
    return found


async def assert_accessible(page: Page) -> None:
    """Fails with what is wrong and where, if axe finds anything."""
    found = await violations(page)
    said = [
        f"{one['id']} ({one['impact']}): {one['help']}\n    " + "\n    ".join(one["nodes"]) for one in found
    ]
    assert not found, f"{page.url}: axe found {len(found)} violations\n" + "\n".join(said)


async def tab_through(page: Page, *, most: int = 200) -> list[str]:
    """Every place that the Tab key reaches; each must show its focus."""
    reached: list[str] = []
    await page.evaluate("document.activeElement?.blur()")
    for _ in range(most):
        await page.keyboard.press("Tab")
        focus = await page.evaluate(FOCUSED)
        if focus["body"] or (reached and focus["name"] == reached[0] and len(reached) > 3):
            break
        assert focus["outline"], f"{page.url}: the focus cannot be seen on {focus['name']}"
        reached.append(focus["name"])
    return reached


async def assert_reflows(page: Page) -> None:
    """At 200% zoom (half the width), and at 320 px, the page needs no scrolling to the side."""
    before = page.viewport_size or {"width": 1440, "height": 900}
    for width in (before["width"] // 2, 320):
        await page.set_viewport_size({"width": width, "height": before["height"]})
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width + 1, f"{page.url}: the page is {wide} px wide in a window of {width}"
    await page.set_viewport_size(before)
