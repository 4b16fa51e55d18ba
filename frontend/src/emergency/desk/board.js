// The desk's one state: calls, units, hospitals and alarms as the server last said them, kept live.
import { get } from "../../web/api.js";
import { now } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { onState, subscribe } from "../../web/live.js";
import { say } from "../../web/ui.js";
import { said } from "./words.js";

export const API = "/api/emergency";
export const GROUND = "/emergency/ground";
export const UNANSWERED_S = 20;
const RELOAD_MS = 400;
const RANK_EVERY_MS = 15_000;

export const soon = (ms = 8000) => ({ signal: AbortSignal.timeout(ms) });

export class Board {
  constructor(draw) {
    this.draw = draw;
    this.loaded = false;
    this.problem = "";
    this.calls = [];
    this.active = [];
    this.units = new Map();
    this.hospitals = [];
    this.alarms = [];
    this.parked = 0;
    this.at = 0; // when the server last answered
    this.line = "reconnecting"; // connected | reconnecting | offline
    this.lostAt = 0;
    this.chosen = null; // id of the chosen case
    this.view = null;
    this.ranking = null; // {computed_at, options}
    this.pick = null; // the unit to send
    this.duplicates = new Map(); // case → calls that may be the same incident
    this.sets = []; // question sets
    this.find = "";
    this.heard = new Set(); // alarms already spoken
    this.due = 0;
  }

  async start() {
    onState((state) => this.#line(state));
    subscribe(["desk"], (event) => this.#hear(event), { onSync: () => this.reload(0) });
    setInterval(() => this.line === "connected" && this.rank(), RANK_EVERY_MS);
    await Promise.allSettled([this.#sets(), this.load()]);
  }

  get offline() { return this.line === "offline"; }
  get rows() { return [...this.calls, ...this.active]; }
  row(id) { return this.rows.find((row) => row.case === id); }

  #line(state) {
    if (state !== "connected" && this.line === "connected") this.lostAt = now();
    this.line = state;
    if (state === "connected") { this.lostAt = 0; this.onConnected?.(); }
    this.draw();
  }

  async #sets() {
    const answer = await get(`${API}/questionnaires`, soon());
    this.sets = Array.isArray(answer) ? answer : answer.questionnaires ?? [];
    this.draw();
  }

  setOf(complaint) { return this.sets.find((set) => set.id === complaint); }

  /** Asks for the board anew, soon and once, however many events ask for it. */
  reload(ms = RELOAD_MS) {
    this.due ||= setTimeout(() => { this.due = 0; this.load(); }, ms);
  }

  async load() {
    try {
      const desk = await get(`${API}/desk`, soon());
      this.#take(desk);
      this.problem = "";
      await this.refresh();
    } catch (error) {
      this.problem = error.message;
      if (error.status === 403) this.forbidden = true;
    }
    this.loaded = true;
    this.draw();
  }

  #take({ calls, active, units, hospitals, alarms, parked }) {
    Object.assign(this, { calls, active, hospitals, alarms, parked, at: now() });
    const before = this.units;
    this.units = new Map(units.map((unit) => [unit.id, newer(unit, before.get(unit.id))]));
    for (const alarm of alarms) if (!alarm.acknowledged && !this.heard.has(alarm.id)) {
      this.heard.add(alarm.id);
      say(said(alarm.text), { alarm: alarm.priority === "high" });
    }
    if (this.chosen && !this.row(this.chosen) && this.view?.status !== "closed" && !this.pinned) this.chosen = null;
    if (!this.chosen && calls.length) this.choose(calls[0].case);
  }

  #hear({ kind, data }) {
    if (kind === "positions") {
      for (const position of data.positions) {
        const unit = this.units.get(position.unit);
        if (unit) this.units.set(unit.id, { ...unit, position, silent: false, silent_since: null });
      }
      return this.draw();
    }
    this.reload();
  }

  /** Opens a case in the right pane and follows it. */
  choose(id, { pinned = false } = {}) {
    if (this.chosen === id && this.view) return;
    Object.assign(this, { chosen: id, view: null, ranking: null, pick: null, pinned, caseProblem: "" });
    this.unfollow?.();
    this.unfollow = id ? subscribe([`case/${id}`], (event) => this.#hearCase(id, event), {}) : null;
    if (id) this.refresh();
    this.draw();
  }

  #hearCase(id, { kind }) {
    if (id !== this.chosen || kind === "vitals") return;
    clearTimeout(this.caseDue);
    this.caseDue = setTimeout(() => this.refresh(), 250);
  }

  /** The chosen case and its ranked units. */
  async refresh() {
    const id = this.chosen;
    if (!id || this.waitingCalls?.has(id)) return;
    try {
      const view = await get(`${API}/cases/${id}`, soon());
      if (this.chosen === id) Object.assign(this, { view, caseProblem: "" });
    } catch (error) {
      if (this.chosen === id && !this.view) this.caseProblem = error.message;
    }
    this.draw();
    await this.rank();
  }

  async rank() {
    const id = this.chosen;
    if (!id || this.view?.id !== id || this.view.unit || this.view.status !== "waiting") return;
    try {
      const ranking = await get(`${API}/cases/${id}/units`, soon());
      if (this.chosen !== id) return;
      this.ranking = ranking;
      const still = ranking.options.some((option) => option.unit === this.pick);
      if (!still) this.pick = null;
    } catch (error) {
      if (this.chosen === id && !this.ranking) this.ranking = { problem: error.message, options: [] };
    }
    this.draw();
  }

  get ranked() { return (this.ranking?.options ?? []).filter((option) => !option.passed_over); }
  get passed() { return (this.ranking?.options ?? []).filter((option) => option.passed_over); }
  get best() { return this.ranked[0] ?? null; }
  get picked() { return this.ranking?.options.find((option) => option.unit === this.pick) ?? this.best; }

  /** Alarms nobody has taken, most urgent first, then those taken. */
  get open() { return this.alarms.filter((alarm) => !alarm.acknowledged); }

  /** Seconds since the crew was asked, while it has not answered. */
  unanswered(view = this.view) {
    if (view?.task?.status !== "requested") return null;
    const asked = Date.parse(view.task.at ?? view.times?.dispatch?.at);
    return Math.max(0, (now() - asked) / 1000);
  }

  step(by) {
    const list = this.shown;
    const at = list.findIndex((row) => row.case === this.chosen);
    const next = list[Math.max(0, Math.min(list.length - 1, at + by))];
    if (next) this.choose(next.case);
  }

  /** The rows as the left pane shows them: filtered by what is typed in the search field. */
  get shown() { return [...this.filtered(this.calls), ...this.filtered(this.active)]; }

  filtered(rows) {
    const words = this.find.toLowerCase().split(/\s+/).filter(Boolean);
    const text = (row) => [row.number, said(row.complaint_text), row.address, this.numberOf(row.unit), row.note].join(" ").toLowerCase();
    return words.length ? rows.filter((row) => words.every((word) => text(row).includes(word))) : rows;
  }

  /** A unit's number, whichever way a row names the unit. */
  numberOf(unit) {
    if (!unit) return "";
    return typeof unit === "string" ? this.units.get(unit)?.number ?? unit : unit.number;
  }

  hospitalName(destination) {
    if (!destination) return "";
    const id = typeof destination === "string" ? destination : destination.hospital ?? destination.id;
    return said(destination.name) || said(this.hospitals.find((hospital) => hospital.id === id)?.name) || id || t("hospital");
  }
}

/** Of two reports of a unit the one with the newer position. */
function newer(unit, before) {
  const [mine, theirs] = [before?.position, unit.position];
  return mine && theirs && Date.parse(mine.at) > Date.parse(theirs.at) ? { ...unit, position: mine } : unit;
}
