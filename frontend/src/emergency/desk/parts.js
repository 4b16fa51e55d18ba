// Small marks of the desks as lit templates: icons, level chips, bars, unit glyphs.
import { html, nothing, svg } from "lit-html";
import { unsafeHTML } from "lit-html/directives/unsafe-html.js";
import { icon, triangles } from "../../web/icons.js";
import { LEVELS } from "./words.js";

/** An icon's markup (from icon("…")) as a template. */
export const mark = (markup) => unsafeHTML(markup);
export const tri = (count, css = "") => unsafeHTML(triangles(count, css));

export const level = (number, css = "") => html`<span class="lv ${css}" data-l=${number ?? 4}>${LEVELS[number] ?? "—"}</span>`;

export const PRIORITY = { high: 3, medium: 2, low: 1 };

/** A bar with a tick; widths are attributes of SVG, since the policy allows no style in markup. */
export function bar(percent, { css = "", tick = null } = {}) {
  const full = Math.max(0, Math.min(100, percent ?? 0));
  return html`<svg class="bar ${css}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="well" width="100" height="8"/>
    <rect class="full" width=${full} height="8"/>${tick === null ? nothing : svg`<rect class="tick" x=${tick - 0.4} y="-2" width=".8" height="12"/>`}</svg>`;
}

const ARROW = "M0-9 7 8 0 4-7 8z";
const SHAPES = {
  free: `<path class="un free" d="${ARROW}"/>`, go: `<path class="un" d="${ARROW}"/>`, silent: `<path class="un silent" d="${ARROW}"/>`,
  at: '<circle class="un" r="5.5"/>', in: '<circle class="un" r="5.5"/>', off: '<circle class="un free" r="4"/>',
  load: '<circle class="ring" r="9"/><path class="un" d="M0-5.5 4 4.5 0 2.5-4 4.5z"/>', best: `<path class="un best" d="${ARROW}"/>`,
};

/** The shape of a group of units: arrow outlined, filled, ringed, or a dot for those who stand. */
export const glyph = (group, css = "") => `<svg class="${css}" viewBox="-10 -12 20 24" aria-hidden="true"><g>${SHAPES[group] ?? SHAPES.off}</g></svg>`;

export const closer = (act, label) => html`<button class="btn bare sq" aria-label=${label} @click=${act}>${mark(icon("x"))}</button>`;
