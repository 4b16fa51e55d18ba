// Tabler's icons as inline SVG: only those that scripts name are in the bundle.
import drawn from "banyan:icons";

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text made safe to stand in markup. */
export const escape = (text) => String(text ?? "").replace(/[&<>"']/g, (mark) => escapes[mark]);

/** An icon's markup; hidden from screen readers unless it has a label. */
export function icon(name, css = "", label = "") {
  const spoken = label ? `role="img" aria-label="${escape(label)}"` : 'aria-hidden="true"';
  return `<svg class="${`i ${css}`.trim()}" viewBox="0 0 24 24" ${spoken}>${drawn[name] ?? ""}</svg>`;
}

/** The shape of an alarm's priority: one, two or three triangles; its word stands beside it. */
export function triangles(count, css = "") {
  const one = (at) => `<path d="M${at * 16 + 8} 0l7.5 14h-15z"/>`;
  const all = Array.from({ length: count }, (_, at) => one(at)).join("");
  return `<svg class="${`tri ${css}`.trim()}" viewBox="0 0 ${count * 16} 14" aria-hidden="true">${all}</svg>`;
}
