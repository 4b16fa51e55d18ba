// Icons, alarm shapes and sparklines as parts of a lit page.
import { html, nothing, svg } from "lit-html";
import { unsafeHTML } from "lit-html/directives/unsafe-html.js";
import { icon, triangles } from "../../web/icons.js";

const drawn = {
  ambulance: icon("ambulance"), check: icon("check"), left: icon("chevron-left"), right: icon("chevron-right"),
  down: icon("chevron-down"), hospital: icon("building-hospital"), pulse: icon("heartbeat"), pill: icon("pill"),
  scores: icon("clipboard-text"), camera: icon("camera"), note: icon("notes"), more: icon("dots"), cloud: icon("cloud-check"),
  cloudup: icon("cloud-up"), cloudoff: icon("cloud-off"), plus: icon("plus"), minus: icon("minus"), phone: icon("phone"),
  send: icon("send"), card: icon("id"), barcode: icon("barcode"), unknown: icon("user-question"), bell: icon("bell-ringing"),
  back: icon("backspace"), sun: icon("sun"), moon: icon("moon"), x: icon("x"), clock: icon("clock"), file: icon("file-import"),
  monitor: icon("device-heart-monitor"), ruler: icon("ruler-measure"), zoomin: icon("zoom-in"), zoomout: icon("zoom-out"),
  print: icon("printer"), pause: icon("player-pause"), play: icon("player-play"), message: icon("message"), lock: icon("lock"),
  bolt: icon("bolt"), flag: icon("map-pin-check"), handover: icon("heart-handshake"), user: icon("user-heart"), list: icon("list-check"),
  alert: icon("alert-triangle"), navigate: icon("navigation"), undo: icon("arrow-back-up"), out: icon("logout"), language: icon("language"),
};

export const pic = (name, css = "") => unsafeHTML(css ? drawn[name].replace('class="i"', `class="i ${css}"`) : drawn[name]);

const COUNT = { hi: 3, me: 2, lo: 1 };
/** The shape of an alarm's priority: three, two or one triangle. */
export const shape = (priority) => (COUNT[priority] ? unsafeHTML(triangles(COUNT[priority], priority)) : nothing);

/** A small curve of values over time; gaps are gaps, the band is the usual range. */
export function spark(points, low, high, width = 160, height = 24) {
  const known = points.filter((point) => point.value !== null);
  if (known.length < 2) return html`<svg class="spark" viewBox="0 0 ${width} ${height}" aria-hidden="true"></svg>`;
  const least = Math.min(low, ...known.map((point) => point.value));
  const most = Math.max(high, ...known.map((point) => point.value));
  const first = Date.parse(points[0].at);
  const span = Date.parse(points.at(-1).at) - first || 1;
  const x = (point) => 3 + ((Date.parse(point.at) - first) / span) * (width - 6);
  const y = (value) => height - 3 - ((value - least) / (most - least || 1)) * (height - 6);
  let up = true;
  const path = points.map((point) => {
    if (point.value === null) { up = true; return ""; }
    const step = `${up ? "M" : "L"}${x(point).toFixed(1)} ${y(point.value).toFixed(1)}`;
    up = false;
    return step;
  }).join("");
  const last = known.at(-1);
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">${svg`
    <rect class="band" x="0" width=${width} y=${y(high)} height=${Math.max(2, y(low) - y(high))} rx="2"></rect>
    <path class="ln" d=${path}></path><circle class="pt" cx=${x(last)} cy=${y(last.value)} r="2.5"></circle>`}</svg>`;
}

/** The numeral chip of a triage level. */
export const levelChip = (level) =>
  level ? html`<span class="lv l${level}">${["I", "II", "III", "IV"][level - 1]}</span>` : html`<span class="lv none">–</span>`;
