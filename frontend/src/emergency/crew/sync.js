// Sends what waits, in order, with its own patience: no Background Sync, which iOS does not have.
import { Problem, Unreachable, post } from "../../web/api.js";

const MOST_FACTS = 100;
const MOST_BYTES = 1.5e6;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 2500; // a network that is back is found within ten seconds, also where no event says so

/** States: "saved", "sending", "waiting", "offline", "sign-in". */
export class Sync extends EventTarget {
  constructor(outbox, { shift, stored }) {
    super();
    this.outbox = outbox;
    this.shift = shift; // () → the shift's token
    this.stored = stored; // (results) → called after each acknowledged batch
    this.problem = null; // null | "offline" | "sign-in" | "server"
    this.since = null;
    this.running = null;
    this.leaving = new Set(); // ids under way: an undo must follow them, it cannot hold them back
    this.failures = 0;
    outbox.addEventListener("change", () => this.#tell());
    addEventListener("online", () => this.kick());
    addEventListener("offline", () => this.#failed("offline"));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.kick());
  }

  get state() {
    if (this.problem === "sign-in") return "sign-in";
    if (this.problem) return "offline";
    if (!this.outbox.due.length) return "saved";
    return this.running ? "sending" : "waiting";
  }

  /** Tries at once; while a try is running, one more follows it. */
  kick() {
    clearTimeout(this.timer);
    this.again = true;
    this.running ??= this.#run().finally(() => { this.running = null; this.#tell(); });
    return this.running;
  }

  async #run() {
    while (this.again) {
      this.again = false;
      if (!this.outbox.waiting.length && this.problem === "offline") this.#answered();
      for (let batch = this.#batch(); batch.length; batch = this.#batch()) {
        if (!(await this.#send(batch))) return;
      }
    }
    await this.stored([]);
    const later = this.outbox.waiting.map((item) => item.until - Date.now()).filter((ms) => ms > 0);
    if (later.length) this.timer = setTimeout(() => this.kick(), Math.min(...later) + 20);
  }

  // Facts in the order they were made. Photos go last: a slow link must not hold the vitals behind a picture.
  #batch() {
    const waiting = this.outbox.due;
    const line = [...waiting.filter((item) => item.fact.kind !== "photo"), ...waiting.filter((item) => item.fact.kind === "photo")];
    const batch = [];
    for (let bytes = 0; batch.length < line.length && batch.length < MOST_FACTS;) {
      bytes += line[batch.length].size;
      if (batch.length && bytes > MOST_BYTES) break;
      batch.push(line[batch.length]);
    }
    return batch;
  }

  async #send(batch) {
    let results;
    this.leaving = new Set(batch.map((item) => item.fact.id));
    try {
      const sent = { facts: batch.map((item) => item.fact), shift: this.shift() };
      ({ results } = await post("/api/emergency/sync", sent, { signal: AbortSignal.timeout(30_000) }));
    } catch (error) {
      return this.#refused(error, batch);
    }
    this.#answered();
    const kept = results.filter((result) => result.status === "stored" || result.status === "duplicate");
    const filed = new Set(kept.map((result) => result.id));
    await this.stored(batch.filter((item) => filed.has(item.fact.id)).map((item) => item.fact));
    await this.outbox.forget([...filed]);
    for (const result of results) {
      if (result.status === "refused" || result.status === "parked") {
        await this.outbox.park(result.id, result.reason ?? result.status, result.status === "parked");
      }
    }
    // A fact that the answer does not name is neither filed nor refused: waiting for ever would be a lie.
    return results.length > 0 || this.#failed("server");
  }

  async #refused(error, batch) {
    if (error instanceof Problem && error.status === 401) return this.#failed("sign-in");
    if (error instanceof Problem && error.status >= 400 && error.status < 500 && ![403, 408, 425, 429].includes(error.status)) {
      return this.#alone(error, batch);
    }
    if (error instanceof Problem && error.status === 403) {
      for (const item of batch) await this.outbox.park(item.fact.id, error.message);
      return true;
    }
    const cut = error instanceof Unreachable || error.name === "TimeoutError" || error.name === "AbortError";
    return this.#failed(cut ? "offline" : "server");
  }

  // One bad fact must not hold the others: each is tried by itself, and the bad one is parked with the reason.
  async #alone(error, batch) {
    if (batch.length === 1) {
      await this.outbox.park(batch[0].fact.id, error.message);
      return true;
    }
    for (const item of batch) if (!(await this.#send([item]))) return false;
    return true;
  }

  #answered() {
    this.problem = null;
    this.since = null;
    this.failures = 0;
    this.#tell();
  }

  #failed(problem) {
    this.problem = problem;
    this.since ??= Date.now();
    this.failures++;
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (this.failures - 1)) * (0.75 + Math.random() / 2);
    clearTimeout(this.timer);
    if (problem !== "sign-in") this.timer = setTimeout(() => this.kick(), wait);
    this.#tell();
    return false;
  }

  /** Another request of the page went through or failed: the mark follows. */
  heard(online) {
    if (!online) return this.#failed("offline");
    if (this.problem === "sign-in") this.#answered();
    return this.problem ? this.kick() : undefined;
  }

  /** The session ended: nothing is tried until somebody signs in; everything stays. */
  signedOut() { this.#failed("sign-in"); }

  /** Signed in again in place. */
  resume() {
    this.problem = null;
    return this.kick();
  }

  #tell() { this.dispatchEvent(new Event("change")); }
}
