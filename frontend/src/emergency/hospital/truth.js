// Keeps a page's state as the server has it: loads, loads again when told, says what went wrong.
import { get } from "../../web/api.js";

const TOGETHER_MS = 150; // events that come together are one reading

/** One address read over and over; `draw` is called when `state` or `problem` changed. */
export class Truth {
  state = null;
  problem = null;
  #timer = 0;
  #running = null;
  #next = null;

  constructor(path, draw) {
    this.path = path;
    this.draw = draw;
  }

  /** Answers when the page shows what was read after this call: a reading under way began too early. */
  load() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.#running) return this.#read();
    this.#next ??= this.#running.then(() => { this.#next = null; return this.#read(); });
    return this.#next;
  }

  #read() {
    this.#running = this.#ask().finally(() => { this.#running = null; });
    return this.#running;
  }

  async #ask() {
    try {
      this.take(await get(this.path));
    } catch (problem) {
      this.problem = problem;
      this.draw();
    }
  }

  /** What the server answered to an act is the truth too. */
  take(answer) {
    [this.state, this.problem] = [this.arrived?.(answer) ?? answer, null];
    this.draw();
  }

  /** Reads soon: many events that come together cost one reading. */
  soon() {
    this.#timer ||= setTimeout(() => this.load(), TOGETHER_MS);
  }
}
