// Kept on this device while there is no line: calls taken and units sent by radio, logged when it is back.
import { put, post } from "../../web/api.js";
import { now } from "../../web/clock.js";
import { API, soon } from "./board.js";

const user = document.documentElement.dataset.user || "";
const KEY = `banyan:desk:radio:${user}`;

export class RadioLog {
  constructor(changed) {
    this.changed = changed;
    this.items = read();
    this.running = false;
  }

  get waiting() { return this.items.filter((item) => !item.refused); }
  get refused() { return this.items.filter((item) => item.refused); }
  of(caseId) { return this.items.filter((item) => item.case === caseId); }

  /** Adds what was done: kind is "call", "dispatch", "answers" or "fact"; body is what its address takes. */
  add(kind, caseId, body, words) {
    this.items.push({ id: crypto.randomUUID(), kind, case: caseId, body, words, at: new Date(now()).toISOString() });
    this.#keep();
  }

  drop(id) {
    this.items = this.items.filter((item) => item.id !== id);
    this.#keep();
  }

  /** Sends what waits, in order; what the server refuses stays, with its reason, for a person to settle. */
  async send() {
    if (this.running) return 0;
    this.running = true;
    let sent = 0;
    try {
      for (const item of this.waiting) {
        try {
          await this.#one(item);
          this.items = this.items.filter((each) => each !== item);
          sent += 1;
        } catch (error) {
          if (!error.status || error.status >= 500 || error.status === 401) break;
          item.refused = error.message;
        }
        this.#keep();
      }
    } finally {
      this.running = false;
    }
    return sent;
  }

  #one({ kind, case: id, body }) {
    if (kind === "call") return post(`${API}/calls`, body, soon());
    if (kind === "dispatch") return post(`${API}/cases/${id}/dispatch`, body, soon());
    return put(`${API}/cases/${id}/facts/${body.id}`, body, soon());
  }

  #keep() {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.items));
      this.full = false;
    } catch {
      this.full = true;
    }
    this.changed();
  }
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}
