// The dispatch desk: who needs help, who can go. Puts state, acts, keys, panes and map together.
import { html, nothing, render } from "lit-html";
import { icon } from "../../web/icons.js";
import { t } from "../../web/i18n.js";
import { fillBars } from "../../web/shell.js";
import { syncMark, toast } from "../../web/ui.js";
import { Acts, sentWords } from "./acts.js";
import { bars } from "./alarms.js";
import { Board } from "./board.js";
import { rightPane } from "./chosen.js";
import { Draft } from "./draft.js";
import { DeskMap, boundsOf, positionsAge } from "./ground.js";
import { followKeys, listKeys } from "./keys.js";
import { leftPane } from "./left.js";
import { newCall } from "./newcall.js";
import { openParked } from "./parked.js";
import { mark } from "./parts.js";
import { levelOf, nextOf } from "./questions.js";
import { RadioLog } from "./radio.js";
import { strip, tallies } from "./strip.js";
import { groupOf } from "./words.js";

const $ = (id) => document.getElementById(id);
const PANES = [["calls", t("Calls"), icon("list")], ["map", t("Map"), icon("map")], ["case", t("Case"), icon("target")]];

class Desk {
  constructor() {
    this.root = $("desk");
    this.board = new Board(() => this.draw());
    this.radio = new RadioLog(() => this.draw());
    this.acts = new Acts(this.board, this.radio, () => this.draw());
    this.map = new DeskMap(this, $("map"));
    this.taking = false;
    this.draft = new Draft(this.board, this.radio, () => this.draw());
    this.#forgetCase();
    this.board.onConnected = () => this.acts.drain();
  }

  #forgetCase() { Object.assign(this, { other: null, again: null, ending: null, recalling: null, writing: false }); }

  async start() {
    listKeys();
    followKeys(this);
    for (const id of ["left", "right"]) $(id).replaceChildren();
    this.draw();
    setInterval(() => this.draw(), 1000);
    this.map.open(boundsOf(this.root.dataset.bounds)).catch((error) => toast(t("The map did not open: {why}. The desk works without it.", { why: error.message }), "wait"));
    await this.board.start();
  }

  draw() {
    this.drawing ||= requestAnimationFrame(() => { this.drawing = 0; this.#paint(); });
  }

  /** Paints before the next key: a Tab that follows at once must find what the last key brought. */
  drawNow() {
    cancelAnimationFrame(this.drawing);
    this.drawing = 0;
    this.#paint();
  }

  #paint() {
    const { board } = this;
    if (!board.loaded) return;
    if (board.at === 0 && board.problem) return render(unread(this), $("left"));
    this.board.waitingCalls = new Set(this.radio.items.filter((item) => item.kind === "call").map((item) => item.case));
    render(tallies(this), $("tallies"));
    render(bars(this), $("alarms"));
    render(leftPane(this), $("left"));
    render(strip(this), $("strip"));
    render(this.taking ? newCall(this) : rightPane(this), $("right"));
    render(panes(this), $("panes"));
    render(recallBar(this), $("sheets"));
    fillBars($("left"));
    this.map.draw();
    const waits = this.radio.waiting.length;
    if (waits && !board.offline) syncMark("waiting", waits);
    this.root.dataset.loaded = "";
  }

  show(pane) { this.root.dataset.show = pane; this.draw(); }

  // ---- choosing ------------------------------------------------------------------------------------

  open(id, options = {}) {
    this.taking = false;
    this.#forgetCase();
    this.board.choose(id, options);
    if (matchMedia("(max-width: 1100px)").matches) this.show("case");
    this.draw();
  }

  pick(option) {
    this.board.pick = option.unit;
    if (option.unit === this.board.best?.unit) this.other = this.other ? { ...this.other, asked: false } : null;
    this.draw();
  }

  openOther() {
    if (this.board.view?.status !== "waiting") return;
    this.other = this.other ? null : { reason: "", asked: false };
    if (!this.other) this.board.pick = null;
    this.draw();
    if (this.other) this.focusSoon("options", ".opt[aria-checked=true]");
  }

  because(words) {
    this.other.reason = this.other.reason === words ? "" : words;
    this.draw();
  }

  /** Enter: sends; another unit than the first goes with a reason. */
  sendNow() {
    const { board } = this;
    const { picked } = board;
    if (board.waitingCalls.has(board.chosen)) return;
    if (!picked || board.view?.status !== "waiting" || this.acts.sending?.case === board.chosen) return;
    const reason = this.other?.reason.trim() ?? "";
    if (picked.unit !== board.best?.unit && !reason) {
      this.other = { reason: "", asked: true };
      this.draw();
      return this.focusSoon("other-reason");
    }
    this.other = null;
    this.acts.send(picked, picked.unit === board.best?.unit ? "" : reason);
  }

  radioSend(item, unit) { this.acts.send({ unit: unit.id, number: unit.number }); }
  freeUnits() { return [...this.board.units.values()].filter((unit) => groupOf(unit) === "free"); }

  async recallNow() {
    const { view } = this.board;
    const { reason } = this.recalling;
    this.recalling = null;
    await this.acts.recall(view.task.id, reason.trim(), this.board.numberOf(view.unit));
  }

  async recallAndNext() {
    const { view } = this.board;
    if (this.board.unanswered() === null) return;
    await this.acts.recall(view.task.id, t("No answer from the crew"), this.board.numberOf(view.unit));
    this.draw();
  }

  async closeCase(id) {
    const { outcome, reason } = this.ending;
    this.ending = null;
    await this.acts.close(id, outcome, reason.trim());
  }

  // ---- taking a call ---------------------------------------------------------------------------------

  newCall() {
    if (!this.taking) this.draft = new Draft(this.board, this.radio, () => this.draw());
    this.taking = true;
    this.show("case");
    this.focusSoon("nc-address");
  }

  chooseComplaint(id) {
    this.draft.choose(id);
    this.drawNow();
  }

  leaveCall() { this.taking = false; this.draw(); }

  dropCall() {
    this.draft.forget();
    this.leaveCall();
  }

  async saveCall() {
    const made = await this.draft.save();
    if (!made) {
      const place = { address: "nc-address", complaint: "nc-complaint", level_reason: "nc-reason" }[this.draft.problem?.field];
      return place && this.focusSoon(place, place === "nc-complaint" ? "input" : "");
    }
    this.taking = false;
    this.#forgetCase();
    if (made.duplicates.length) this.board.duplicates.set(made.case, made.duplicates);
    this.board.waitingCalls = new Set(made.later ? [made.case] : []);
    this.board.choose(made.case, { pinned: true });
    document.activeElement?.blur();
    if (!made.later) await this.board.load();
    this.map.frame([this.board.row(made.case), ...[this.board.picked].filter(Boolean).map((option) => this.board.units.get(option.unit)?.position)]);
  }

  /** Calls kept here, as rows of the left pane. */
  get drafts() {
    return this.radio.items.filter((item) => item.kind === "call").map(({ body, case: id }) => ({
      case: id, number: "", level: this.draftLevel(body), complaint_text: this.board.setOf(body.complaint)?.title ?? body.complaint, sex: body.patient.sex,
      age: body.patient.age, address: body.address.text, call_at: body.at, limit_s: null, note: "",
    }));
  }

  draftLevel(body) { return body.level ?? levelOf(this.board.setOf(body.complaint), body.answers) ?? 4; }

  /** A mark of the map: a call opens, a unit shows its case. While a call is taken, the map only sets its place. */
  markClicked(id) {
    if (this.taking) return;
    if (this.board.row(id)) this.open(id, { pinned: true });
    else if (this.board.units.has(id)) this.showUnit(this.board.units.get(id));
  }

  mapClicked(point) { if (this.taking) this.draft.point(point); }

  // ---- the rest ----------------------------------------------------------------------------------------

  get question() {
    if (this.taking) return this.draft.question;
    const { view } = this.board;
    const set = view?.status === "waiting" ? this.board.setOf(view.complaint) : null;
    return set ? this.again ?? nextOf(set, this.acts.answers(view, set)) : null;
  }

  /** One answer, from a key or a button; the next question takes its place at once. */
  answer(question, option) {
    if (this.taking) this.draft.answer(question, option);
    else {
      this.again = null;
      this.acts.answer(question, option);
    }
    this.focusSoon("asking");
  }

  write(on) {
    if (this.board.view?.status !== "waiting") return;
    this.writing = on;
    this.draw();
    if (on) this.focusSoon("crew-words");
  }

  join() {
    const { board } = this;
    const first = board.duplicates.get(board.chosen)?.[0];
    if (first && !board.view?.unit) this.acts.merge(board.chosen, first.case, first.number);
  }

  apart(id) { this.board.duplicates.delete(id); this.draw(); }

  openAlarm() {
    const alarm = this.board.open.find((each) => each.case);
    if (alarm) this.open(alarm.case, { pinned: true });
  }

  openParked() { openParked(this, document.body); }

  showUnit(unit) {
    if (unit.case) this.open(unit.case, { pinned: true });
    if (unit.position) this.map.frame([unit.position]);
  }

  back() {
    if (this.taking) this.leaveCall();
    else if (this.other || this.recalling || this.ending) { this.#forgetCase(); this.draw(); }
  }

  /** Focuses what the next paint will show. */
  focusSoon(id, within = "") {
    this.draw();
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const element = within ? $(id)?.querySelector(within) ?? $(id) : $(id);
      element?.focus();
    }));
  }
}

const unread = (desk) => html`<div class="void err" role="alert">${mark(icon("alert-triangle", "l"))}<h2>${t("The board could not be read")}</h2><p>${desk.board.problem}</p>
  <p class="two">${t("Calls taken here are kept on this device. Ask again, or take calls on paper until it answers.")}</p><button class="btn" @click=${() => desk.board.load()}>${t("Ask again")}</button></div>`;

const panes = (desk) => PANES.map(([id, words, drawn]) => html`<button type="button" aria-current=${desk.root.dataset.show === id ? "true" : "false"} @click=${() => desk.show(id)}>${mark(drawn)}<span>${words}</span></button>`);

function recallBar(desk) {
  const { sending } = desk.acts;
  const fresh = positionsAge(desk.board.units.values());
  return html`${sending ? html`<div class="recallbar" role="status"><span>${sentWords(sending)}</span>${sending.pending ? nothing : html`<button class="btn tiny" id="undo-send" @click=${() => desk.acts.undo()}>${t("Take back")} <kbd>Z</kbd></button>`}<i></i></div>` : nothing}
    <div class="mapnote float two">${fresh ? t("positions {age}", { age: fresh }) : t("no position yet")}${desk.board.offline ? ` · ${t("from before the line was lost")}` : ""}</div>`;
}

new Desk().start();
