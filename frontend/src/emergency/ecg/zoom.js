// Zooms the paper by pinch, wheel with Ctrl, and keys, and keeps the point under the finger where it is.

const MOST = 14; // px per mm: finer than a printed sheet held close

/** `get()` and `set(pxPerMm, focus)` are the paper's scale; `least()` fits its width. */
export function followZoom(scroller, { get, set, least }) {
  const clamp = (value) => Math.min(MOST, Math.max(least(), value));
  const by = (factor, at) => {
    const before = get();
    const after = clamp(before * factor);
    const box = scroller.getBoundingClientRect();
    const x = (at?.clientX ?? box.left + box.width / 2) - box.left;
    const y = (at?.clientY ?? box.top + box.height / 2) - box.top;
    const keep = { x: (scroller.scrollLeft + x) / before, y: (scroller.scrollTop + y) / before };
    set(after);
    scroller.scrollLeft = keep.x * after - x;
    scroller.scrollTop = keep.y * after - y;
  };
  scroller.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    by(Math.exp(-event.deltaY / 300), event);
  }, { passive: false });
  pinch(scroller, by);
  return by;
}

function pinch(scroller, by) {
  let distance = 0;
  const spread = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  const middle = ([a, b]) => ({ clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 });
  scroller.addEventListener("touchstart", (event) => {
    if (event.touches.length === 2) distance = spread(event.touches);
  }, { passive: true });
  scroller.addEventListener("touchmove", (event) => {
    if (event.touches.length !== 2 || !distance) return;
    event.preventDefault();
    const now = spread(event.touches);
    by(now / distance, middle(event.touches));
    distance = now;
  }, { passive: false });
  scroller.addEventListener("touchend", () => { distance = 0; });
}
