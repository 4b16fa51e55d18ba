// <ecg-thumb>: three leads of a running or kept ECG, small, on the paper's grid, at 25 mm/s and 10 mm/mV in its scale.
//   thumb.push(frame)   a decoded frame: it sweeps        thumb.show(recording)   the first seconds, still
// Attribute leads="II V2 V5"; marked="II aVF" tints those that crossed a limit.
import { colours } from "../ecg/draw.js";
import { playback } from "../ecg/playback.js";
import { Stream } from "../ecg/recording.js";

const SCALE = 2; // CSS px per mm
const BLANK = 0.2; // s
const awake = new Set();
let frame = 0;
let drawn = 0;

// One clock for all thumbnails of a wall: twenty pictures a second, one a second where motion is unwanted.
function turn(now) {
  frame = 0;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (now - drawn >= (calm ? 1000 : 48)) {
    drawn = now;
    for (const thumb of awake) thumb.draw(now);
  }
  if (awake.size) frame = requestAnimationFrame(turn);
}

class EcgThumb extends HTMLElement {
  #stream = null;
  #next = null;
  #recording = null;
  #size = null;

  static observedAttributes = ["leads", "marked"];

  connectedCallback() {
    if (!this.canvas) {
      this.canvas = document.createElement("canvas");
      this.append(this.canvas);
    }
    this.watch = new ResizeObserver(() => { this.#size = null; this.draw(); });
    this.watch.observe(this);
    this.theme = new MutationObserver(() => this.draw());
    this.theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    if (this.#stream) this.#wake();
    this.draw();
  }

  disconnectedCallback() {
    this.watch?.disconnect();
    this.theme?.disconnect();
    awake.delete(this);
  }

  attributeChangedCallback() { this.draw(); }

  get heard() { return this.#stream?.heard ?? 0; }

  push(pushed) {
    this.#stream ??= new Stream(8);
    if (this.#stream.signal !== pushed.signal) this.#next = playback(this.#stream);
    this.#stream.push(pushed);
    this.#wake();
  }

  show(recording) {
    this.#recording = recording;
    this.draw();
  }

  #wake() {
    if (!this.isConnected) return;
    awake.add(this);
    frame ||= requestAnimationFrame(turn);
  }

  #prepare() {
    const density = devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = this;
    if (!width) return null;
    if (this.#size !== `${width}x${height}x${density}`) {
      this.#size = `${width}x${height}x${density}`;
      Object.assign(this.canvas, { width: width * density, height: height * density });
      Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    }
    const ctx = this.canvas.getContext("2d");
    ctx.setTransform(density, 0, 0, density, 0, 0);
    return { ctx, width, height };
  }

  draw(now = performance.now()) {
    const place = this.canvas && this.isConnected ? this.#prepare() : null;
    if (!place) return;
    const { ctx, width, height } = place;
    const ink = colours(this);
    const leads = (this.getAttribute("leads") ?? "II V2 V5").split(" ");
    const marked = (this.getAttribute("marked") ?? "").split(" ");
    ctx.fillStyle = ink.paper;
    ctx.fillRect(0, 0, width, height);
    const row = height / leads.length;
    leads.forEach((lead, i) => {
      if (!marked.includes(lead)) return;
      ctx.fillStyle = ink.high;
      ctx.fillRect(0, i * row, width, row);
    });
    lines(ctx, width, height, 5 * SCALE, ink.major);
    ctx.strokeStyle = ink.trace;
    ctx.lineWidth = 1.1;
    ctx.lineJoin = "round";
    leads.forEach((lead, i) => {
      ctx.save();
      ctx.beginPath();
      ctx.rect(0, i * row - row * 0.2, width, row * 1.4);
      ctx.clip();
      ctx.beginPath();
      this.#trace(ctx, lead, width, (i + 0.58) * row, now);
      ctx.stroke();
      ctx.restore();
    });
  }

  #trace(ctx, lead, width, y0, now) {
    const perSecond = 25 * SCALE;
    if (this.#stream?.end) {
      const { rate } = this.#stream;
      const head = this.#next(now);
      const span = Math.round((width / perSecond) * rate);
      const begun = Math.floor(head / span) * span;
      const at = (i) => this.#stream.at(lead, i);
      line(ctx, at, begun, Math.floor(head), 0, perSecond / rate, y0);
      const old = Math.floor(head) + Math.round(BLANK * rate);
      if (old < begun + span) line(ctx, at, old - span, begun, ((old - begun) * perSecond) / rate, perSecond / rate, y0);
    } else if (this.#recording) {
      const { rate } = this.#recording;
      const samples = this.#recording.slice(lead, 0, width / perSecond);
      line(ctx, (i) => samples[i], 0, samples.length, 0, perSecond / rate, y0);
    }
  }
}

function lines(ctx, width, height, every, colour) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 0.5;
  ctx.beginPath();
  for (let x = 0.5; x <= width; x += every) { ctx.moveTo(x, 0); ctx.lineTo(x, height); }
  for (let y = 0.5; y <= height; y += every) { ctx.moveTo(0, y); ctx.lineTo(width, y); }
  ctx.stroke();
}

// Ten samples may fall on one pixel: its lowest and its highest are drawn, so that no spike is lost.
function line(ctx, at, first, last, x0, step, y0) {
  const each = Math.max(1, Math.round(0.5 / step));
  let pen = false;
  for (let i = first; i < last; i += each) {
    let [low, high] = [Infinity, -Infinity];
    for (let k = i; k < Math.min(last, i + each); k++) {
      const value = at(k);
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low === Infinity) { pen = false; continue; }
    const x = x0 + (i - first) * step;
    if (pen) ctx.lineTo(x, y0 - high * 10 * SCALE);
    else ctx.moveTo(x, y0 - high * 10 * SCALE);
    if (high - low > 0.02) ctx.lineTo(x, y0 - low * 10 * SCALE);
    pen = true;
  }
}

customElements.get("ecg-thumb") ?? customElements.define("ecg-thumb", EcgThumb);
