// The time line with its points and the lanes of vital signs below, drawn to the width it has.
import { html, nothing, svg } from "lit-html";
import { clock } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { LANES, valueAt } from "./story.js";

const AXIS = 112;
const LANE = 44;
const LEAST_LABEL = 74; // px that a label needs
const GAP_MS = 4 * 60_000; // a longer pause is a gap, not a slope
const STALE_MS = 10 * 60_000;

/** Room at both sides for names and values, and from time to pixels. */
export function scale(width, [from, to]) {
  const [left, right] = width < 700 ? [76, 92] : [104, 140];
  return { width, left, right, x: (at) => left + ((at - from) / (to - from)) * (width - left - right), at: (x) => from + ((x - left) / (width - left - right)) * (to - from) };
}

/** The points that get a label: those of missed targets always, else as many as fit. */
function labelled(points, width) {
  const most = Math.max(2, Math.floor((width - 32) / LEAST_LABEL));
  if (points.length <= most) return points;
  const first = points.filter((point) => point.bad), step = points.length / (most - first.length);
  const chosen = new Set([...first, ...points.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step))]);
  return points.filter((point) => chosen.has(point)).slice(0, most);
}

const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function labels(points, { width, x }, range, go) {
  const shown = labelled(points, width), each = (width - 32) / shown.length, letters = Math.max(6, Math.floor(each / 7.5));
  return shown.map((point, at) => {
    const to = Math.max(x(range[0]), Math.min(x(range[1]), x(point.at))), from = 16 + each * (at + 0.5);
    return svg`<g class="evg ${point.bad ? "bad" : ""}" tabindex="0" role="button" @click=${() => go(point.at)} @keydown=${(event) => event.key === "Enter" && go(point.at)}>
      <text class="ev" text-anchor="middle" x=${from} y="22">${short(point.name, letters)}</text><text class="tm" text-anchor="middle" x=${from} y="42">${clock(point.at, each < 62 ? "time" : "seconds")}</text>
      <path class="leader" d="M${from} 50V58L${to} 88V${AXIS - 6}"/>${point.bad ? svg`<path class="dot" d="M${to} ${AXIS - 7}l7 12h-14z"/>` : svg`<circle class="dot ${point.at < range[0] ? "before" : ""}" cx=${to} cy=${AXIS} r="4.5"/>`}</g>`;
  });
}

function ticks({ x, width }, [from, to]) {
  const step = [60, 120, 300, 600, 1200, 1800, 3600, 7200].find((seconds) => (to - from) / 1000 / seconds <= width / 110) ?? 14400;
  const found = [];
  for (let at = Math.ceil(from / (step * 1000)) * step * 1000; at < to; at += step * 1000) found.push(svg`<path class="tick" d="M${x(at)} ${AXIS + 5}v5"/><text text-anchor="middle" x=${x(at)} y=${AXIS + 22}>${clock(at)}</text>`);
  return found;
}

function trace(rows, lane, x, y) {
  let path = "", before = null;
  for (const row of rows) {
    const at = Date.parse(row.at);
    path += `${before !== null && at - before < GAP_MS ? "L" : "M"}${x(at).toFixed(1)} ${y(row[lane.field]).toFixed(1)}`;
    before = at;
  }
  return svg`<path class="trace" d=${path}/>${rows.length < 60 ? rows.map((row) => svg`<circle class="pt ${row.alarms?.[lane.field] ? "hot" : ""}" cx=${x(Date.parse(row.at))} cy=${y(row[lane.field])} r="2.2"/>`) : nothing}`;
}

const bars = (rows, lane, x, y) => rows.map((row) => {
  const at = x(Date.parse(row.at)), high = y(row[lane.field]), low = y(row[lane.second] ?? row[lane.field]);
  return svg`<path class="trace ${row.alarms?.[lane.field] ? "hot" : ""}" d="M${at - 4} ${high}h8M${at} ${high}V${low}M${at - 4} ${low}h8"/>`;
});

function lane(vitals, each, at, { width, left, right, x }) {
  const top = AXIS + 28 + at * LANE, y = (value) => top + LANE - 5 - ((Math.max(each.low, Math.min(each.high, value)) - each.low) / (each.high - each.low)) * (LANE - 10);
  const rows = vitals.filter((row) => row[each.field] !== undefined && row[each.field] !== null);
  return svg`<path class="rule" d="M0 ${top}H${width}"/><rect class="band" x=${left} width=${width - left - right} y=${y(each.band[1])} height=${y(each.band[0]) - y(each.band[1])}/>
    <text class="lane" x="12" y=${top + LANE / 2 - 1}>${each.name}</text><text x="12" y=${top + LANE / 2 + 14}>${each.unit}</text>
    ${rows.length ? (each.second ? bars(rows, each, x, y) : trace(rows, each, x, y)) : svg`<text class="noval" x=${left + 12} y=${top + LANE / 2 + 4}>${t("not measured")}</text>`}`;
}

/** The values at the moment of the cursor, at the right of their lanes. */
function values(vitals, now, { width, right }) {
  return LANES.map((each, at) => {
    const found = valueAt(vitals, each, now), y = AXIS + 28 + at * LANE + LANE / 2 + 6, x = width - right + 14;
    if (!found) return svg`<text class="val none" x=${x} y=${y}>—</text>`;
    const old = found.age > STALE_MS;
    return svg`<text class="val ${old ? "old" : ""}" x=${x} y=${y}>${found.text}${old && width > 700 ? svg`<tspan class="agen" dx="6">${t("{n} min ago", { n: Math.round(found.age / 60000) })}</tspan>` : nothing}</text>`;
  });
}

export const HEIGHT = AXIS + 28 + LANES.length * LANE + 36;

export function timeline({ view, points, range, now, width, go }) {
  const room = scale(width, range), { x } = room;
  const inside = points.filter((point) => point.at >= range[0]);
  const [first, last] = [inside.find((point) => point.point === "fmc") ?? inside[0], inside.at(-1)];
  return html`<svg class="line" width=${width} height=${HEIGHT} viewBox="0 0 ${width} ${HEIGHT}" role="group" aria-label=${t("Time points and vital signs")}>
    <path class="axis" d="M${x(range[0])} ${AXIS}H${x(range[1])}"/>${first ? svg`<path class="axis on" d="M${x(first.at)} ${AXIS}H${x(last.at)}"/>` : nothing}
    ${labels(points, room, range, go)}${ticks(room, range)}${LANES.map((each, at) => lane(view.vitals ?? [], each, at, room))}${values(view.vitals ?? [], now, room)}
    <g class="cursor"><path d="M${x(now)} ${AXIS + 8}V${HEIGHT - 30}"/><rect x=${x(now) - 31} y=${AXIS + 8} width="62" height="20" rx="4"/><text class="curt" text-anchor="middle" x=${x(now)} y=${AXIS + 22}>${clock(now, "seconds")}</text></g></svg>`;
}
