// Icons, alarm shapes, level chips and sparklines of the hospital's pages, as parts of lit templates.
import { html, nothing, svg } from "lit-html";
import { unsafeHTML } from "lit-html/directives/unsafe-html.js";
import { icon, triangles } from "../../web/icons.js";

const drawn = {
  users: icon("users"), bed: icon("bed"), check: icon("check"), clock: icon("clock"), ambulance: icon("ambulance"),
  pulse: icon("heartbeat"), sound: icon("volume"), muted: icon("volume-off"), send: icon("send"), history: icon("history"),
  swap: icon("arrows-exchange"), plus: icon("plus"), minus: icon("minus"), refresh: icon("refresh"), print: icon("printer"),
  ruler: icon("ruler-measure"), pause: icon("player-pause"), play: icon("player-play"), zoomin: icon("zoom-in"),
  zoomout: icon("zoom-out"), alert: icon("alert-triangle"), offline: icon("wifi-off"), bolt: icon("bolt"), scan: icon("scan"),
  heart: icon("activity-heartbeat"), door: icon("door"), clipboard: icon("clipboard-text"), pen: icon("pencil"),
  sign: icon("signature"), diversion: icon("arrows-split"), list: icon("list-check"), file: icon("file-text"),
  download: icon("download"), person: icon("user-question"), x: icon("x"), pill: icon("pill"), empty: icon("bed"), lock: icon("lock"),
};

export const pic = (name, css = "") => unsafeHTML(css ? drawn[name].replace('class="i"', `class="i ${css}"`) : drawn[name]);

const COUNT = { high: 3, medium: 2, low: 1 };
export const CSS = { high: "hi", medium: "me", low: "lo" };

/** The shape of an alarm's priority: three, two or one triangle; its word stands beside it. */
export const shape = (priority) => (COUNT[priority] ? unsafeHTML(triangles(COUNT[priority], `al ${CSS[priority]}`)) : nothing);

export const NUMERALS = ["", "I", "II", "III", "IV"];
export const levelChip = (level, label) =>
  html`<span class="lv" data-l=${level ?? ""} role="img" aria-label=${label}>${NUMERALS[level] ?? "–"}</span>`;

/** A curve of values, oldest first; null is a gap, the band is the usual range. */
export function spark(values, low, high, width = 110, height = 22) {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length < 2) return html`<svg class="spark" viewBox="0 0 ${width} ${height}" aria-hidden="true"></svg>`;
  const least = Math.min(low, ...known);
  const most = Math.max(high, ...known);
  const x = (i) => 3 + (i / (values.length - 1)) * (width - 6);
  const y = (value) => height - 3 - ((value - least) / (most - least || 1)) * (height - 6);
  let pen = false;
  const path = values.map((value, i) => {
    if (value === null || value === undefined) { pen = false; return ""; }
    const step = `${pen ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = true;
    return step;
  }).join("");
  const last = values.findLastIndex((value) => value !== null && value !== undefined);
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">${svg`
    <rect class="band" x="0" width=${width} y=${y(high)} height=${Math.max(2, y(low) - y(high))} rx="2"></rect>
    <path class="ln" d=${path}></path><circle class="pt" cx=${x(last)} cy=${y(values[last])} r="2.5"></circle>`}</svg>`;
}

/** A filled bar with its share in percent; the policy of the page allows no style in markup, so it is a property. */
export const bar = (percent, css = "") =>
  html`<div class="bar ${css}"><i .style=${`width:${Math.max(0, Math.min(100, percent))}%`}></i></div>`;
