// A call being taken: kept on this device at each keystroke until the server has it.
import { post } from "../../web/api.js";
import { now } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { toast } from "../../web/ui.js";
import { API, soon } from "./board.js";
import { metres, placeAt, streets } from "./places.js";
import { levelOf, nextOf } from "./questions.js";

const user = document.documentElement.dataset.user || "";
const KEY = `banyan:desk:call:${user}`;
const NEAR_M = 300;
const WITHIN_MS = 3_600_000;

const fresh = () => ({ id: crypto.randomUUID(), at: new Date(now()).toISOString(), caller: {}, address: { text: "" }, complaint: "", answers: {}, patient: {}, level: null, level_reason: "" });

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

export class Draft {
  constructor(board, radio, draw) {
    Object.assign(this, { board, radio, draw, found: [], at: -1, place: null, problem: null, busy: false, again: null });
    this.call = kept() ?? fresh();
  }

  static waits() { return kept() !== null; }

  set(path, value) {
    const [first, second] = path.split(".");
    if (second) this.call[first] = { ...this.call[first], [second]: value };
    else this.call[first] = value;
    this.problem = null;
    this.#keep();
    this.draw();
  }

  #keep() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.call));
    } catch {
      toast(t("This browser's storage is full: what you type is not kept if you leave the page."), "problem");
    }
  }

  forget() { sessionStorage.removeItem(KEY); }

  get set_() { return this.board.setOf(this.call.complaint); }
  get computed() { return levelOf(this.set_, this.call.answers); }
  get level() { return this.call.level ?? this.computed; }
  get question() { return this.again ?? nextOf(this.set_, this.call.answers); }

  answer(question, option) {
    this.again = null;
    this.set("answers", { ...this.call.answers, [question.id]: option.value });
  }

  choose(complaint) {
    this.call.answers = {};
    this.call.level = null;
    this.set("complaint", complaint);
  }

  /** Streets for what is typed, after the last key. */
  type(text) {
    this.place = null;
    this.call.address = { ...this.call.address, text, lat: undefined, lon: undefined };
    this.set("address", this.call.address);
    clearTimeout(this.due);
    if (text.trim().length < 2) return this.#offer([]);
    this.due = setTimeout(async () => {
      try {
        const found = await streets(text);
        if (found) this.#offer(found);
      } catch {
        this.#offer([]); // without a line the address stands as typed
      }
    }, 150);
  }

  #offer(found) {
    Object.assign(this, { found, at: -1 });
    this.draw();
  }

  /** Takes a street found, or a point of the map. */
  take(street) {
    this.#offer([]);
    this.call.address = { ...this.call.address, text: street.label, lat: street.lat, lon: street.lon };
    this.place = { outside: false, street: street.label, rough: !street.exact };
    this.set("address", this.call.address);
  }

  async point({ lat, lon }) {
    this.call.address = { ...this.call.address, lat, lon };
    this.set("address", this.call.address);
    try {
      this.place = await placeAt({ lat, lon });
      if (this.place.street && !this.call.address.text?.trim()) this.set("address", { ...this.call.address, text: this.place.street });
    } catch (error) {
      this.place = { problem: error.message };
    }
    this.draw();
  }

  /** Open calls near by of the last hour: said while the caller is still on the line. */
  get alike() {
    const { lat, lon } = this.call.address;
    if (lat === undefined || lat === null) return [];
    return this.board.rows.filter((row) => row.lat !== null && row.lat !== undefined && now() - Date.parse(row.call_at) < WITHIN_MS)
      .map((row) => ({ row, away: metres(row, { lat, lon }) })).filter(({ away }) => away <= NEAR_M).sort((a, b) => a.away - b.away);
  }

  #body() {
    const { id, at, caller, address, complaint, answers, patient, level, level_reason: reason } = this.call;
    const filled = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== "" && value !== undefined && value !== null));
    return { id, at, caller: filled(caller), address: { text: "", ...filled(address) }, complaint, answers, patient: filled(patient),
      ...(level && level !== this.computed ? { level, level_reason: reason } : {}) };
  }

  get missing() {
    const { address, complaint, level, level_reason: reason } = this.call;
    if (!address.text?.trim() && (address.lat === undefined || address.lat === null)) return { field: "address", text: t("Where? Type a street, or click on the map.") };
    if (!complaint) return { field: "complaint", text: t("What is it? Choose the complaint.") };
    if (level && level !== this.computed && !reason?.trim()) return { field: "level_reason", text: t("The answers give another level: say why you set this one.") };
    return null;
  }

  /** Writes the call; answers {case, duplicates}, or null with what is missing. Sent twice, it is one call. */
  async save() {
    if (this.busy) return null;
    this.problem = this.missing;
    if (this.problem) { this.draw(); return null; }
    const body = this.#body();
    if (this.board.offline) return this.#later(body);
    this.busy = true;
    this.draw();
    try {
      const view = await post(`${API}/calls`, body, soon());
      this.forget();
      return { case: view.id ?? body.id, duplicates: view.duplicates ?? [] };
    } catch (error) {
      if (!error.status) return this.#later(body);
      this.problem = { field: error.body?.field ?? "", text: error.message };
      return null;
    } finally {
      this.busy = false;
      this.draw();
    }
  }

  #later(body) {
    this.radio.add("call", body.id, body, t("Call: {address}", { address: body.address.text || "—" }));
    this.forget();
    return { case: body.id, duplicates: [], later: true };
  }
}
