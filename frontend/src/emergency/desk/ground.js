// The desk's map: units by state, calls by level, hospitals with load and diversion, the way of the chosen unit.
import { age } from "../../web/clock.js";
import { escape } from "../../web/icons.js";
import { t } from "../../web/i18n.js";
import { openMap } from "../../web/map.js";
import { reachOf, routeTo } from "./places.js";
import { glyph } from "./parts.js";
import { silentMinutes } from "./strip.js";
import { LEVELS, groupOf, said, unitName } from "./words.js";

const FRESH_S = 15; // a position is expected so often
const REACH_MIN = 8;

const barSvg = (percent, css) => `<svg class="bar ${css}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="well" width="100" height="8"/><rect class="full" width="${Math.min(100, percent)}" height="8"/></svg>`;

/** A hospital's chip: name, load, until when it diverts, how old its figures are. */
export function hospitalMark(hospital) {
  const { load_percent: load, diversion, stale, updated_at: updated } = hospital;
  const name = said(hospital.name), known = load !== null && load !== undefined;
  const until = diversion?.until ? new Date(diversion.until).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: JSON.parse(document.documentElement.dataset.clock).timezone }) : "";
  const turned = diversion ? `<span class="dv">${escape(until ? t("diverting until {time}", { time: until }) : t("diverting"))}</span>` : "";
  const old = stale && updated ? ` <span class="age">${escape(age(updated).text)}</span>` : "";
  const html = `<span class="hchip ${diversion ? "div" : ""} ${stale ? "stale" : ""}"><b>${escape(name)}</b><span class="n">${known ? `${Math.round(load)}%` : "—"}${old}</span>${turned}${known ? barSvg(load, stale ? "old" : load >= 90 ? "over" : "") : ""}</span>`;
  return { id: hospital.id, lon: hospital.lon, lat: hospital.lat, html, css: "hospital", label: [name, known ? `${Math.round(load)}%` : t("load not known"), diversion ? t("diverting") : ""].filter(Boolean).join(", ") };
}

/** Units that stand at one place share a mark, so that none hides another. */
export function unitMarks(units, { best, offline }) {
  const places = new Map();
  for (const unit of units) {
    const group = groupOf(unit);
    if (group === "off" || !unit.position) continue;
    const moving = (unit.position.speed_kmh ?? 0) > 3 || group === "silent" || unit.id === best;
    const key = moving ? unit.id : `${group}:${unit.position.lat.toFixed(3)}:${unit.position.lon.toFixed(3)}`;
    places.set(key, [...(places.get(key) ?? []), unit]);
  }
  return [...places.values()].map((here) => {
    const [unit] = here, group = groupOf(unit);
    const { text, seconds } = age(unit.position.at, FRESH_S);
    const old = offline || seconds > 4 * FRESH_S;
    const numbers = here.map((each) => each.number).sort().join(" ");
    const words = group === "silent" ? t("{n} silent {time} min", { n: unit.number, time: silentMinutes(unit) }) : offline ? `${numbers} · ${text}` : numbers;
    const html = `<span class="unitmark ${group}${unit.id === best ? " chosen" : ""}">${glyph(unit.id === best && group === "free" ? "best" : group, "turn")}<b>${escape(words)}</b></span>`;
    return { id: unit.id, lon: unit.position.lon, lat: unit.position.lat, rotate: unit.position.heading ?? 0, html, css: old ? "unit old" : "unit", label: `${unitName(numbers)}, ${text}` };
  });
}

export const callMark = (row, chosen) => ({
  id: row.case, lon: row.lon, lat: row.lat, css: `callpin ${chosen ? "sel" : ""}`, label: `${said(row.complaint_text)}, ${LEVELS[row.level]}, ${row.address ?? ""}`,
  html: `<span class="lv" data-l="${row.level}">${LEVELS[row.level]}</span>`,
});

/** Bounds as the page's attribute gives them, or a way to live without. */
export const boundsOf = (text) => {
  const [west, south, east, north] = (text || "").split(",").map(Number);
  return Number.isFinite(north) ? [[west, south], [east, north]] : undefined;
};

export class DeskMap {
  constructor(desk, element) {
    Object.assign(this, { desk, element, map: null, way: "", area: "" });
  }

  async open(bounds) {
    const rows = this.desk.board.rows.find((row) => row.lat);
    this.map = await openMap(this.element, bounds ? { bounds } : { center: rows ? [rows.lon, rows.lat] : [0, 0], zoom: 12 });
    this.map.onClick((point) => this.desk.mapClicked(point));
    // Marks are no stops of the Tab key: the lists and the strip hold the same calls and units.
    this.element.addEventListener("click", ({ target }) => {
      const { id } = target.closest(".mark")?.dataset ?? {};
      if (id) this.desk.markClicked(id);
    });
    this.element.dataset.ready = "";
    this.framed = false;
    this.draw();
  }

  /** Once, when the first board is there: where the units and hospitals are, not the empty edges of the region. */
  #frameAll() {
    const { board } = this.desk;
    const points = [...board.hospitals, ...[...board.units.values()].map((unit) => unit.position)].filter((point) => point?.lat);
    if (this.framed || !points.length) return;
    this.framed = true;
    this.frame([...points, ...board.calls]);
  }

  draw() {
    const { map, desk } = this;
    if (!map) return;
    const { board, draft } = desk;
    const waiting = board.view?.status === "waiting" && !desk.taking;
    const best = waiting ? board.picked?.unit : null;
    this.element.classList.toggle("old", board.offline);
    this.element.classList.toggle("aiming", Boolean(desk.taking));
    map.markers("hospitals", board.hospitals.filter((each) => each.lat).map((each) => hospitalMark(each)));
    map.markers("units", unitMarks(board.units.values(), { best, offline: board.offline }));
    const rows = [...board.calls, ...board.active.filter((row) => !["handed-over", "closed"].includes(row.status))].filter((row) => row.lat !== null && row.lat !== undefined);
    map.markers("calls", rows.map((row) => callMark(row, row.case === board.chosen && !desk.taking)));
    const aim = desk.taking ? draft.call.address : null;
    map.markers("aim", aim?.lat ? [{ id: "aim", lon: aim.lon, lat: aim.lat, css: "callpin sel", label: t("The new call"), html: `<span class="lv" data-l="${draft.level ?? 4}">${LEVELS[draft.level] ?? "?"}</span>` }] : []);
    this.#frameAll();
    this.#way(waiting);
    this.#area(waiting);
  }

  /** The way of the chosen unit to the call, asked for when either has changed. */
  async #way(waiting) {
    const { board } = this.desk;
    const row = board.row(board.chosen), unit = board.units.get(waiting ? board.picked?.unit : board.view?.unit?.id);
    const hospital = board.hospitals.find((each) => each.id === board.view?.destination?.hospital);
    const end = unit && ["to_hospital", "stopover"].includes(unit.state) ? hospital : row;
    const from = unit?.position ?? (waiting ? board.picked?.from : null);
    const shown = from && end?.lat && !board.offline && ["available", "leaving", "returning", "dispatched", "en_route", "to_hospital", "stopover"].includes(unit.state);
    const key = shown ? `${unit.id}:${from.lat.toFixed(4)}:${from.lon.toFixed(4)}:${end.lat}` : "";
    if (key === this.way) return;
    this.way = key;
    if (!key) return this.map.line("way", null, { css: "route" });
    try {
      const { line } = await routeTo(from, end);
      if (this.way === key) this.map.line("way", line, { css: "route" });
    } catch {
      this.way = ""; // asked again with the next position
    }
  }

  async #area(waiting) {
    const { board } = this.desk;
    const row = board.row(board.chosen);
    const key = waiting && row?.lat && !board.offline ? `${row.lat},${row.lon}` : "";
    if (key === this.area) return;
    this.area = key;
    if (!key) return this.map.line("reach", null, { css: "reach" });
    try {
      const { rings } = await reachOf(row, REACH_MIN);
      if (this.area === key) this.map.line("reach", rings[0] ?? null, { css: "reach" });
    } catch {
      this.area = "";
    }
  }

  /** Brings the chosen call and its unit into view, without moving more than needed. */
  frame(points) {
    const seen = points.filter((point) => point?.lat !== null && point?.lat !== undefined).map(({ lon, lat }) => [lon, lat]);
    if (seen.length === 1) this.map?.center(...seen[0], undefined);
    else if (seen.length) this.map?.fit(seen, { padding: 90, maxZoom: 15 });
  }
}

export const positionsAge = (units) => {
  const newest = Math.max(0, ...[...units].map((unit) => Date.parse(unit.position?.at ?? 0)).filter(Number.isFinite));
  return newest ? age(newest, FRESH_S).text : "";
};
