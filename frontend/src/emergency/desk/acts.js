// What a dispatcher does: send, recall, answer, join, close, take alarms, write to a crew.
import { Problem, Unreachable, get, post, put } from "../../web/api.js";
import { clock, clockOffset, now } from "../../web/clock.js";
import { t, tn } from "../../web/i18n.js";
import { say, toast } from "../../web/ui.js";
import { API, soon } from "./board.js";
import { answersOf, levelOf } from "./questions.js";
import { LEVELS, unitName } from "./words.js";

export const UNDO_S = 10;
const isCut = (error) => error instanceof Unreachable || error.name === "TimeoutError" || error.name === "AbortError";

export class Acts {
  constructor(board, radio, draw) {
    Object.assign(this, { board, radio, draw });
    this.sending = null; // {case, unit, number, until, task, pending}
    this.conflict = null; // {case, text}
    this.orders = new Map(); // case → Set of instructions, kept until the unit is sent
    this.words = new Map(); // case → one sentence to the crew
    this.given = new Map(); // case → answers on their way
    this.writing = Promise.resolve();
  }

  instructions(id) { return this.orders.get(id) ?? new Set(); }

  toggle(id, words) {
    const set = this.instructions(id);
    set.has(words) ? set.delete(words) : set.add(words);
    this.orders.set(id, set);
    this.draw();
  }

  /** Sends a unit: shown at once, taken back when the server refuses; offline it is logged for later. */
  async send(option, reason = "") {
    const { board } = this;
    const id = board.chosen;
    if (this.sending?.pending || !option || !id) return;
    const words = this.words.get(id);
    const instructions = [...this.instructions(id), ...(words ? [words] : [])];
    const body = { unit: option.unit, instructions, ...(reason && { reason }) };
    this.conflict = null;
    if (board.offline) return this.#byRadio(id, option, body);
    this.sending = { case: id, unit: option.unit, number: option.number, until: Date.now() + UNDO_S * 1000, pending: true };
    this.draw();
    try {
      const { task } = await post(`${API}/cases/${id}/dispatch`, body, soon());
      Object.assign(this.sending, { task, pending: false });
      say(t("Unit {n} sent", { n: option.number }));
      setTimeout(() => this.#fade(task), UNDO_S * 1000);
      this.orders.delete(id);
      this.words.delete(id);
      await board.load();
    } catch (error) {
      this.sending = null;
      if (isCut(error)) return this.#byRadio(id, option, body);
      this.#refused(id, error);
    }
    this.draw();
  }

  #byRadio(id, option, body) {
    const why = t("By radio at {time}, logged later", { time: clock(now(), "seconds") });
    const full = { ...body, reason: [body.reason, why].filter(Boolean).join("; ") };
    this.radio.add("dispatch", id, full, t("Unit {n} by radio", { n: option.number }));
    this.sending = { case: id, unit: option.unit, number: option.number, until: Date.now() + UNDO_S * 1000, radio: this.radio.items.at(-1).id };
    setTimeout(() => this.#fade(this.sending?.task), UNDO_S * 1000);
    this.draw();
  }

  #fade(task) {
    if (this.sending?.task === task) this.sending = null;
    this.draw();
  }

  /** Somebody was quicker, or the unit is gone: said in the pane, with who and when. */
  #refused(id, error) {
    const { by, at, unit } = error.body ?? {};
    const number = unit ? this.board.numberOf(unit) : "";
    const text = error.status === 409 && by
      ? t("{by} has already sent unit {n} at {time}. Nothing was sent twice.", { by, n: number, time: at ? clock(at, "seconds") : "—" })
      : error.message;
    this.conflict = { case: id, text };
    say(text, { alarm: true });
    this.board.load();
  }

  /** Z: takes the last dispatch back; every receiver sees the recall. */
  async undo() {
    const { sending } = this;
    if (!sending || sending.pending) return;
    this.sending = null;
    if (sending.radio) return this.radio.drop(sending.radio);
    await this.recall(sending.task, t("Undone by the dispatcher"), sending.number);
  }

  async recall(task, reason, number) {
    await this.#try(() => post(`${API}/tasks/${task}/cancel`, { reason }, soon()), t("Unit {n} recalled", { n: number }));
    await this.board.load();
  }

  /** The answers of a case with those that are on their way to the server. */
  answers(view, set) { return { ...answersOf(view, set), ...this.given.get(view.id) }; }

  /** One more answer of a call already taken: shown at once, written one after the other. */
  answer(question, option) {
    const { id } = this.board.view;
    this.given.set(id, { ...this.given.get(id), [question.id]: option.value });
    this.draw();
    this.writing = this.writing.then(() => this.#write(id));
    return this.writing;
  }

  /** Writes the answers given so far; another's change in between is read first and kept. */
  async #write(id) {
    const given = this.given.get(id);
    if (!given) return;
    try {
      const view = await get(`${API}/cases/${id}`, soon());
      const set = this.board.setOf(view.complaint), answers = { ...answersOf(view, set), ...given };
      const { text, lat, lon, note } = view.address ?? {}, level = levelOf(set, answers);
      const kept = view.level_reason && level > view.level ? { level: view.level, level_reason: view.level_reason } : {};
      const body = { etag: view.etag, complaint: view.complaint, answers, caller: view.caller ?? {}, address: { text: text ?? "", ...(lat === null ? {} : { lat, lon }), note }, ...kept };
      const changed = await post(`${API}/cases/${id}/call`, body, soon());
      if (changed.level < view.level) toast(t("More urgent now: level {n}", { n: LEVELS[changed.level] }));
      if (this.board.chosen === id) this.board.view = changed;
      if (this.given.get(id) === given) this.given.delete(id);
    } catch (error) {
      this.given.delete(id);
      toast(isCut(error) ? t("No line: not sent. Try again when the line is back.") : error.message, "problem");
    }
    this.board.reload();
    this.draw();
  }

  async merge(id, into, number) {
    await this.#try(() => post(`${API}/cases/${id}/merge`, { into }, soon()), t("Joined with {number}", { number }));
    this.board.duplicates.delete(id);
    this.board.choose(into, { pinned: true });
    await this.board.load();
  }

  async close(id, outcome, reason) {
    if (await this.#try(() => post(`${API}/cases/${id}/close`, { outcome, reason }, soon()), t("Case closed"))) this.board.choose(null);
    await this.board.load();
  }

  async acknowledge(alarm) {
    if (!alarm) return;
    await this.#try(() => post(`${API}/alarms/${alarm.id}/acknowledge`, {}, soon()));
    await this.board.load();
  }

  /** A sentence to the crew of a case. */
  async message(id, text) {
    const at = new Date(now()).toISOString();
    const fact = { id: crypto.randomUUID(), case: id, kind: "message", at, source: "manual", clock: { device: at, offset_ms: Math.round(clockOffset()) }, data: { to: "crew", text } };
    if (this.board.offline) {
      this.radio.add("fact", id, fact, t("Message: {text}", { text }));
      return true;
    }
    const done = await this.#try(() => put(`${API}/cases/${id}/facts/${fact.id}`, fact, soon()), t("Sent to the crew"));
    this.board.refresh();
    return done;
  }

  async parked() {
    const answer = await get(`${API}/parked`, soon());
    return Array.isArray(answer) ? answer : answer.parked ?? answer.facts ?? [];
  }

  async settle(id, body) {
    const verb = body.case ? "file" : "discard";
    const done = await this.#try(() => post(`${API}/parked/${id}/${verb}`, body, soon()), body.case ? t("Filed under the case") : t("Discarded"));
    this.board.reload(0);
    return done;
  }

  async drain() {
    const sent = await this.radio.send();
    if (sent) toast(tn("{n} act logged", "{n} acts logged", sent));
    if (sent) await this.board.load();
  }

  async #try(act, words = "") {
    try {
      await act();
      if (words) toast(words);
      return true;
    } catch (error) {
      const text = error instanceof Problem || isCut(error) ? error.message : String(error);
      toast(isCut(error) ? t("No line: not sent. Try again when the line is back.") : text, "problem");
      return false;
    }
  }
}

export const sentWords = (sending) => (sending.radio ? t("{unit} by radio · to log when the line is back", { unit: unitName(sending.number) })
  : sending.pending ? t("Sending {unit}…", { unit: unitName(sending.number) }) : t("{unit} sent · waiting for the crew's answer", { unit: unitName(sending.number) }));
