// The crew page's one state: who I am, the case, what waits; and the acts that change it.
import { now } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { say } from "../../web/ui.js";
import { still } from "./bell.js";
import { makeFact } from "./facts.js";
import { emptyCase, fold } from "./fold.js";
import { Form } from "./forms.js";
import { STEP } from "./words.js";

export const UNDO_SECONDS = 10;

export class App {
  constructor({ me, vault, outbox, drafts, kept, sync, server, draw }) {
    Object.assign(this, { me, vault, outbox, drafts, kept, sync, server, draw });
    this.base = null; // the server's view of the case
    this.own = []; // facts of mine that the server's view does not hold yet: {fact, pending, filed?}
    this.orders = []; // dispatches that wait for an answer
    this.accepted = new Set(); // tasks that were answered here, whatever the server's view still says
    this.forms = {};
    this.sheet = null; // what floats: {name, ...}
    this.undoable = null; // {fact ids, words, until}
    this.ranking = null; // the hospitals for this patient: {options, at, here?}
    this.frames = { heard: 0, paper: null }; // live ECG
    this.notices = []; // what the page must say: {kind, words}
    this.pulled = 0;
    outbox.addEventListener("change", () => this.refresh());
    sync.addEventListener("change", () => this.draw());
  }

  get caseId() { return this.base?.id ?? null; }

  /** The case as the crew sees it: the server's view with my own facts laid over it. */
  refresh() {
    if (this.base) {
      const waiting = this.outbox.waiting.map((item) => ({ fact: item.fact, pending: true }));
      const ids = new Set(waiting.map(({ fact }) => fact.id));
      this.view = fold(this.base, [...this.own.filter(({ fact }) => !ids.has(fact.id)), ...waiting]);
    } else this.view = null;
    this.draw();
  }

  async open(base) {
    const changed = this.base?.id !== base?.id;
    this.base = base;
    if (changed && base) {
      const drafts = await this.drafts.all(base.id).catch(() => ({}));
      this.forms = Object.fromEntries(Object.entries(drafts).map(([name, values]) => [name, this.#form(name, values)]));
      this.own = [];
      this.ranking = await this.kept.read(`ranking/${base.id}`).then((kept) => kept?.value ?? null, () => null);
    }
    this.refresh();
  }

  #form(name, values) {
    return new Form(name, this.caseId, this.drafts, values, () => this.draw());
  }

  /** The kept form of that name; `initial` is what it shows before anything is typed. */
  form(name) {
    return (this.forms[name] ??= this.#form(name, {}));
  }

  /** Records facts: kept, shown, sent. `words` are said with ten seconds to undo; none: cannot be undone. */
  async record(kinds, { words = "", at = now(), caseId = this.caseId } = {}) {
    const facts = kinds.map(([kind, data]) => makeFact(caseId, kind, data, { at }));
    // A unit's state cannot be cancelled afterwards: it leaves when the time to take the step back is over.
    const until = words ? Date.now() + UNDO_SECONDS * 1000 : 0;
    for (const fact of facts) await this.outbox.add(fact, fact.kind === "state" ? until : 0);
    if (words) this.#offerUndo(facts, words);
    this.sync.kick();
    return facts;
  }

  #offerUndo(facts, words) {
    this.undoable = { facts, words, until: Date.now() + UNDO_SECONDS * 1000 };
    say(words);
    this.draw();
  }

  /** Takes the last act back: never sent, it vanishes; sent, a cancelling fact follows it that everyone sees. */
  async undo() {
    const { facts } = this.undoable;
    this.undoable = null;
    const here = facts.filter((fact) => this.outbox.has(fact.id) && !this.sync.leaving.has(fact.id));
    const gone = facts.filter((fact) => !here.includes(fact));
    if (here.length) await this.outbox.forget(here.map((fact) => fact.id));
    for (const fact of gone) await this.outbox.add(makeFact(fact.case, "undo", { fact: fact.id }));
    this.undone?.(facts);
    this.sync.kick();
    this.refresh();
  }

  /** The big button: the time of this step, and the unit's new state. */
  async step(step) {
    const words = STEP[step.id][1];
    if (step.id === "accept") return this.accept();
    if (step.id === "handover") return this.go("handover");
    this.outbox.release();
    const facts = [["time", { point: step.point }], ...step.states.map((state) => ["state", { unit_state: state }])];
    return this.record(facts, { words });
  }

  /** Taken with one touch: dispatch is told now, or as soon as there is a network. */
  async accept(order = this.orders[0] ?? { case: this.caseId }) {
    this.orders = this.orders.filter((each) => each !== order);
    still();
    this.accepted.add(order.task);
    if (order.case !== this.caseId) await this.open({ ...emptyCase(order.case), level: order.level, complaint: order.complaint, address: order.address });
    await this.record([["state", { unit_state: "accepted" }]], { caseId: order.case });
    this.tell(STEP.accept[1]);
    await this.heardOrder?.(order);
  }

  /** Facts that the server acknowledged stay in view until its own view holds them. */
  filed(facts) {
    const stamp = Date.now();
    for (const fact of facts) if (fact.case === this.caseId) this.own.push({ fact, pending: false, filed: stamp });
  }

  /** The server's view, asked for at `asked`: what was filed before that is in it. */
  async pull(base, asked) {
    this.own = this.own.filter(({ filed }) => filed > asked);
    this.pulled = Date.now();
    await this.open(base);
    await this.kept.write(`case/${base.id}`, base).catch(() => {});
  }

  go(view) { location.hash = view === "main" ? "" : view; }
  get route() { return location.hash.slice(1) || "main"; }

  float(name, more = {}) { this.sheet = { name, ...more }; this.draw(); }
  sink() { this.sheet = null; this.draw(); }

  tell(words, kind = "done") {
    this.notices = [{ words, kind, until: Date.now() + (kind === "problem" ? 12_000 : 4000) }];
    say(words, { alarm: kind === "problem" });
    this.draw();
  }

  /** The mark: one of saved, sending, waiting (n), offline since, sign in. */
  get mark() {
    const { state, since } = this.sync;
    return { state, count: this.outbox.due.length, since, parked: this.outbox.parked.length };
  }

  get age() { return this.view?.patient.age ?? null; }
  get title() { return this.view?.complaint || t("Emergency"); }
}
