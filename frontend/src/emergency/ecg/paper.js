// The ECG sheet of every page: <ecg-paper>, still or live, on real paper, to zoom, measure and print.
//
//   const paper = document.createElement("ecg-paper");
//   paper.show(recording)            a Recording (ecg/recording.js): fromFrames(…), fromObservation(…), new Recording(…)
//   paper.push(frame)                a decoded frame (frame.js): the sheet turns live and sweeps
//   paper.marks = {V2: {level: "high", caption: "ST +0.23 ≥ 0.20 mV"}}     tints a lead with the threshold it crossed
//   paper.layout = "auto" | "3x4" | "6x2" | "tall" | "strip"     paper.leads = ["II"] for strips
//   paper.freeze()                   the last ten live seconds as a still sheet; paper.thaw() goes on
//   paper.callipers(on?)  paper.zoom(factor)  paper.fit()  paper.print(heading)
// Attributes: layout, leads="II V5", fill (scale to the height of the element too), unnamed (no names of leads).
// Events: "ecg-measure" {ms, perMinute, mv}, "ecg-live" {live, heard}.
import { Callipers, measure } from "./callipers.js";
import { calibration, colours, grid, label, still, sweeping, tint } from "./draw.js";
import { choose, sheet } from "./layout.js";
import { playback } from "./playback.js";
import { paperInk, print } from "./print.js";
import { Stream } from "./recording.js";
import { followZoom } from "./zoom.js";

const MOST_PIXELS = 16e6; // what a phone's canvas holds

export class EcgPaper extends HTMLElement {
  #recording = null;
  #stream = null;
  #marks = {};
  #scale = 3; // CSS px per mm
  #fitted = true;
  #frame = 0;

  connectedCallback() {
    if (!this.sheet) this.#build();
    this.#watch = new ResizeObserver(() => this.#resized());
    this.#watch.observe(this);
    this.#theme = new MutationObserver(() => this.#draw());
    this.#theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    this.#resized();
    if (this.#stream) this.#run();
  }

  disconnectedCallback() {
    this.#watch?.disconnect();
    this.#theme?.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  #watch = null;
  #theme = null;

  #build() {
    this.scroller = document.createElement("div");
    this.scroller.className = "ecg-scroll";
    this.scroller.tabIndex = 0;
    this.scroller.setAttribute("role", "img");
    this.stack = document.createElement("div");
    this.stack.className = "ecg-stack";
    this.sheet = document.createElement("canvas");
    this.over = document.createElement("canvas");
    this.stack.append(this.sheet, this.over);
    this.scroller.append(this.stack);
    this.append(this.scroller);
    this.#zoomBy = followZoom(this.scroller, {
      get: () => this.#scale,
      set: (scale) => { this.#scale = scale; this.#fitted = scale <= this.#fitScale() * 1.001; this.#draw(); },
      least: () => this.#fitScale(),
    });
    this.legs = new Callipers(this.scroller, (event) => this.#place(event), (box) => this.#measured(box));
  }

  #zoomBy = null;

  get layout() { return this.getAttribute("layout") ?? "auto"; }
  set layout(kind) { this.setAttribute("layout", kind); this.#draw(); }
  get leads() { return this.getAttribute("leads")?.split(/\s+/) ?? []; }
  set leads(names) { this.setAttribute("leads", names.join(" ")); this.#draw(); }
  get marks() { return this.#marks; }
  set marks(marks) { this.#marks = marks ?? {}; this.#draw(); }
  get live() { return Boolean(this.#stream) && !this.#recording; }
  get recording() { return this.#recording; }

  show(recording) {
    this.#recording = recording;
    this.#draw();
  }

  push(frame) {
    this.#stream ??= new Stream();
    this.#stream.push(frame);
    this.dispatchEvent(new CustomEvent("ecg-live", { detail: { live: true, heard: Date.now() } }));
    if (!this.#frame && this.isConnected) this.#run();
  }

  freeze() {
    if (this.#stream?.end) this.show(this.#stream.freeze());
    return this.#recording;
  }

  thaw() {
    this.#recording = null;
    this.#draw();
    if (this.#stream && !this.#frame) this.#run();
  }

  callipers(on) {
    const corner = this.#cornerMm();
    this.legs.toggle(on, { x: corner.x + 20, y: corner.y + 18 });
    this.classList.toggle("measuring", this.legs.on);
    return this.legs.on;
  }

  zoom(factor) { this.#zoomBy(factor); }
  fit() { this.#fitted = true; this.#resized(); }

  print(heading) {
    const recording = this.#recording ?? this.#stream?.freeze();
    if (!recording) return null;
    return print(recording, { marks: this.#marks, kind: "3x4", ink: paperInk(colours), heading });
  }

  #layoutNow() {
    const kind = this.layout === "auto" ? choose(this.clientWidth) : this.layout;
    const known = (this.#recording ?? this.#stream)?.names ?? [];
    return sheet(kind, { leads: kind === "strip" ? this.leads : known, streaming: this.live });
  }

  // A single strip keeps true proportions by height; a sheet fits the width.
  #fitScale() {
    const { width, height } = this.#layoutNow();
    if (this.layout === "strip" || this.hasAttribute("fill")) {
      const byHeight = this.clientHeight / height;
      return this.layout === "strip" ? byHeight : Math.min(byHeight, this.clientWidth / width);
    }
    return this.clientWidth / width;
  }

  #resized() {
    if (!this.clientWidth) return;
    if (this.#fitted) this.#scale = this.#fitScale();
    this.#draw();
  }

  #place(event) {
    const box = this.sheet.getBoundingClientRect();
    return { x: (event.clientX - box.left) / this.#scale, y: (event.clientY - box.top) / this.#scale };
  }

  #cornerMm() {
    return { x: this.scroller.scrollLeft / this.#scale, y: this.scroller.scrollTop / this.#scale };
  }

  #measured(box) {
    this.#drawOver();
    if (box) this.dispatchEvent(new CustomEvent("ecg-measure", { detail: measure(box) }));
  }

  #context(canvas, layout) {
    const most = Math.sqrt(MOST_PIXELS / (layout.width * layout.height)) / this.#scale;
    const density = Math.min(devicePixelRatio || 1, most);
    const width = Math.round(layout.width * this.#scale * density);
    const height = Math.round(layout.height * this.#scale * density);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      canvas.style.width = `${layout.width * this.#scale}px`;
      canvas.style.height = `${layout.height * this.#scale}px`;
    }
    const ctx = canvas.getContext("2d");
    ctx.setTransform(this.#scale * density, 0, 0, this.#scale * density, 0, 0);
    ctx.clearRect(0, 0, layout.width, layout.height);
    return ctx;
  }

  #pen() {
    return { thickness: Math.max(0.3, 1.4 / this.#scale), size: Math.max(3, 12 / this.#scale) };
  }

  #draw() {
    if (!this.sheet || !this.clientWidth) return;
    const layout = this.#layoutNow();
    const ink = colours(this);
    const ctx = this.#context(this.sheet, layout);
    const pen = { ink, pxPerMm: this.#scale, ...this.#pen() };
    if (this.#recording) still(ctx, layout, this.#recording, { marks: this.#marks, ...pen });
    else {
      grid(ctx, layout, ink, this.#scale);
      for (const cell of layout.cells) if (this.#marks[cell.lead] && !cell.rhythm) tint(ctx, cell, this.#marks[cell.lead].level, ink);
      calibration(ctx, layout, ink, pen.thickness);
    }
    this.#ink = ink;
    this.#now = layout;
    this.#say();
    this.#drawOver();
  }

  #ink = null;
  #now = null;
  #next = null;
  #nextOf = null;

  #drawOver(now = performance.now()) {
    if (!this.#now || !this.clientWidth) return;
    const ctx = this.#context(this.over, this.#now);
    if (this.live) {
      if (this.#nextOf !== this.#stream) { this.#next = playback(this.#stream); this.#nextOf = this.#stream; }
      sweeping(ctx, this.#now, this.#stream, this.#next(now), { ink: this.#ink, ...this.#pen() });
      if (!this.hasAttribute("unnamed")) for (const cell of this.#now.cells) label(ctx, cell, cell.rhythm ? null : this.#marks[cell.lead], this.#ink, this.#pen().size);
    }
    this.legs.draw(ctx, this.#ink);
  }

  // With reduced motion the sheet is redrawn once a second instead of sweeping.
  #run() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let drawn = 0;
    const step = (now) => {
      this.#frame = 0;
      if (!this.isConnected || !this.live) return;
      if (now - drawn >= (calm ? 1000 : 30)) { drawn = now; this.#drawOver(now); }
      this.#frame = requestAnimationFrame(step);
    };
    this.#draw();
    this.#frame = requestAnimationFrame(step);
  }

  // What the picture shows, in words, for those who do not see it.
  #say() {
    const named = Object.entries(this.#marks).map(([lead, mark]) => `${lead} ${mark.caption ?? mark.level}`);
    const words = [this.dataset.label ?? this.getAttribute("aria-label-base") ?? "ECG, 25 mm/s, 10 mm/mV", ...named].join("; ");
    if (this.scroller.getAttribute("aria-label") !== words) this.scroller.setAttribute("aria-label", words);
  }
}

customElements.get("ecg-paper") ?? customElements.define("ecg-paper", EcgPaper);
