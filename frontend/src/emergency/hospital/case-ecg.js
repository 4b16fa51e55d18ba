// The 12-lead ECG: live or kept, on true paper, with what software measured apart from what a physician reads.
import { html, nothing } from "lit-html";
import { request } from "../../web/api.js";
import { clock, span } from "../../web/clock.js";
import { forget } from "../../web/forms.js";
import { t } from "../../web/i18n.js";
import { toast } from "../../web/ui.js";
import { choose } from "../ecg/layout.js";
import { fromFrames } from "../ecg/recording.js";
import { decode, decodeAll, fromBase64 } from "../frame.js";
import { marksOf } from "./measured.js";
import { measuredPanel } from "./case-measured.js";
import { pic } from "./pictures.js";
import "../ecg/paper.js";

const QUIET_MS = 4000; // no frame for so long: the line is not live
const USUAL = [t("Acute inferior infarction"), t("Acute anterior infarction"), t("ST elevation, lateral"), t("No ST elevation"), t("Atrial fibrillation"), t("Repeat in 15 minutes")];

// An ECG that nobody read yet does not hide what was read of an earlier one.
function earlier(state) {
  const read = state.ecgs.filter((ecg) => ecg.reading).at(-1);
  return read ? html`<p class="two">${t("ECG of {time}: {reading} ({name})", { time: clock(read.at, "seconds"), reading: read.reading.text, name: read.reading.by })}</p>` : nothing;
}

export class EcgPanel {
  constructor(page) {
    this.page = page;
    this.chosen = null; // a signal, or null: live where one runs, else the newest
    this.shown = null; // what the paper shows: "live" or a signal
    this.heard = 0;
    this.signal = null; // of the running line
    this.layout = "auto";
    this.frozen = false;
    this.paper = document.createElement("ecg-paper");
    this.paper.dataset.label = t("12-lead ECG, 25 mm/s, 10 mm/mV");
  }

  push(data) {
    if (!data.frame) return;
    const { frame } = decode(fromBase64(data.frame));
    [this.heard, this.signal] = [performance.now(), frame.signal];
    this.paper.push(frame);
    if (this.shown !== "live" && !this.chosen) this.page.draw();
  }

  get live() { return this.heard > 0 && performance.now() - this.heard < QUIET_MS; }

  #wanted(state) {
    if (this.chosen) return this.chosen;
    if (this.heard && (this.live || this.shown === "live")) return "live";
    return state.ecgs.at(-1)?.signal ?? null;
  }

  #entry(state) {
    const wanted = this.#wanted(state);
    return state.ecgs.find((ecg) => ecg.signal === (wanted === "live" ? this.signal : wanted)) ?? null;
  }

  /** Puts the paper into its place and on it what is wanted. */
  attach(scope, state) {
    const place = scope.querySelector("[data-paper]");
    if (!place) return;
    if (this.paper.parentElement !== place) place.replaceChildren(this.paper);
    const wanted = this.#wanted(state);
    const marks = JSON.stringify(marksOf(this.#entry(state)?.measured));
    if (marks !== this.marks) [this.marks, this.paper.marks] = [marks, JSON.parse(marks)];
    if (wanted === this.shown) return;
    this.shown = wanted;
    if (wanted === "live") {
      this.frozen = false;
      this.paper.thaw();
    } else if (wanted) this.#load(wanted);
  }

  async #load(signal) {
    try {
      const answer = await request("GET", `${this.page.api}/ecg/${signal}/frames`, undefined, { raw: true });
      const frames = decodeAll(new Uint8Array(await answer.arrayBuffer()));
      if (this.shown === signal && frames.length) this.paper.show(fromFrames(frames));
    } catch (problem) {
      this.shown = null;
      toast(problem.message, "problem");
    }
  }

  card(state) {
    const wanted = this.#wanted(state);
    if (!wanted) return html`<section class="card ecgc"><header>${pic("pulse")}<h2>${t("12-lead ECG")}</h2></header><div class="void">${pic("heart", "l")}<h3>${t("No ECG yet")}</h3>
      <p class="two">${t("It draws here by itself as soon as the crew's device sends it, or a file of it arrives.")}</p></div></section>`;
    const entry = this.#entry(state);
    return html`<section class="card ecgc" aria-labelledby="ecg"><header><h2 id="ecg">${t("12-lead ECG")}</h2><span class="meta">${this.#about(wanted, entry)}</span>${this.#tools(state, wanted)}</header>
      <div class="ecgbox" data-paper></div>
      <div class="read"><div>${this.#reading(state, entry)}</div><div>${measuredPanel(entry)}</div></div></section>`;
  }

  #about(wanted, entry) {
    const when = entry ? clock(entry.at, "seconds") : "";
    const line = wanted !== "live" ? html`<span class="tag">${t("recorded")}</span>`
      : this.frozen ? html`<span class="tag medium">${t("frozen")}</span>`
        : this.live ? html`<span class="tag good">${t("live")}</span>` : html`<span class="tag medium">${t("no signal for {time}", { time: span((performance.now() - this.heard) / 1000) })}</span>`;
    return html`${when} · 25 mm/s · 10 mm/mV ${line} ${entry?.demonstration ? html`<span class="tag low">${t("demonstration signal")}</span>` : nothing} ${entry?.device ? html`<span class="two">${entry.device}</span>` : nothing}`;
  }

  #tools(state, wanted) {
    const kind = this.layout === "auto" ? choose(this.paper.clientWidth || innerWidth) : this.layout;
    const set = (layout) => { this.layout = layout; this.paper.layout = layout; this.page.draw(); };
    const others = state.ecgs.length > 1 || this.heard;
    return html`<div class="tool">
      ${others ? html`<select class="inp" aria-label=${t("Which ECG")} @change=${(event) => { this.chosen = event.target.value || null; this.page.draw(); }}>
        <option value="" ?selected=${!this.chosen}>${this.heard ? t("live") : t("newest")}</option>${state.ecgs.map((ecg) => html`<option value=${ecg.signal} ?selected=${this.chosen === ecg.signal}>${clock(ecg.at, "seconds")}</option>`)}</select>` : nothing}
      <div class="seg tiny" role="group" aria-label=${t("Layout")}>${[["3x4", "3×4"], ["6x2", "6×2"]].map(([each, words]) => html`<button aria-pressed=${String(kind === each)} @click=${() => set(each)}>${words}</button>`)}</div>
      ${wanted === "live" ? html`<button class="btn small sq2" aria-pressed=${String(this.frozen)} aria-label=${this.frozen ? t("Go on live") : t("Freeze the last ten seconds")} @click=${() => this.#freeze()}>${pic(this.frozen ? "play" : "pause")}</button>` : nothing}
      <button class="btn small sq2" aria-label=${t("Smaller")} @click=${() => this.paper.zoom(0.8)}>${pic("zoomout")}</button><button class="btn small sq2" aria-label=${t("Larger")} @click=${() => this.paper.zoom(1.25)}>${pic("zoomin")}</button>
      <button class="btn small" aria-pressed=${String(Boolean(this.measuring))} @click=${() => { this.measuring = this.paper.callipers(); this.page.draw(); }}>${pic("ruler")}<span>${t("Callipers")}</span></button>
      <button class="btn small sq2" aria-label=${t("Print in true millimetres")} @click=${() => this.paper.print(document.querySelector("#head h1")?.textContent ?? "")}>${pic("print")}</button></div>`;
  }

  #freeze() {
    if (this.frozen) this.paper.thaw();
    else this.paper.freeze();
    this.frozen = !this.frozen;
    this.page.draw();
  }

  #reading(state, entry) {
    const reading = entry?.reading;
    const since = reading && (Date.parse(reading.at) - Date.parse(entry.at)) / 1000;
    const target = state.targets.find((each) => each.to === "ecg_read" && each.from === "ecg_done" && each.minutes !== null);
    return html`<h3>${t("Reading (physician)")}</h3>
      ${reading ? html`<p class="dx">${reading.text}</p><p><b>${reading.by}</b> <span class="two">${clock(reading.at, "seconds")} · ${t("{time} after the ECG", { time: span(since) })}</span>
        ${target && ["met", "missed"].includes(target.state) ? html`<span class=${target.state === "met" ? "ok-c" : "me-c"}>${target.state === "met" ? pic("check", "s") : nothing} ${target.target} ${t("min")} ${target.state === "met" ? t("met") : t("missed")}</span>` : nothing}</p>`
        : html`<p class="lo b">${pic("clock", "s")} ${t("Not read yet")}</p>${earlier(state)}`}
      ${this.page.reads && entry ? html`<form data-keep="reading" class="readform" @submit=${(event) => this.#read(event, entry)}>
        <input name="text" list="usual-readings" autocomplete="off" maxlength="500" placeholder=${reading ? t("Add to the reading …") : t("Your reading …")} aria-label=${t("Reading of the ECG")}>
        <datalist id="usual-readings">${USUAL.map((words) => html`<option value=${words}></option>`)}</datalist>
        <button class="btn go small" ?disabled=${this.page.acts.waits("reading")}>${pic("pen")}<span>${t("Sign the reading")}</span></button></form>` : nothing}`;
  }

  async #read(event, entry) {
    event.preventDefault();
    const form = event.target;
    const text = form.elements.text.value.trim();
    if (!text) { form.elements.text.focus(); return; }
    if (await this.page.acts.run("reading", { send: () => this.page.send("reading", { signal: entry.signal, text }) })) {
      forget(form);
      form.reset();
    }
  }
}

