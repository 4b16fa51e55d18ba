// Measures on the paper: a box drawn with finger, mouse or arrow keys gives milliseconds, rate and millivolts.
import { GAIN, SPEED } from "./layout.js";

/** What a box in mm means. */
export function measure(box) {
  const ms = (Math.abs(box.x2 - box.x1) / SPEED) * 1000;
  const mv = (box.y1 - box.y2) / GAIN;
  return { ms: Math.round(ms), perMinute: ms >= 200 ? Math.round(60000 / ms) : null, mv: Math.round(mv * 100) / 100 };
}

export function describe({ ms, perMinute, mv }) {
  const sign = mv < 0 ? "−" : "+";
  return `${ms} ms${perMinute ? ` · ${perMinute}/min` : ""} · ${sign}${Math.abs(mv).toFixed(2)} mV`;
}

/** Follows the pointer over `surface`. `toMm(event)` gives the place on the paper; `changed(box)` draws it. */
export class Callipers {
  constructor(surface, toMm, changed) {
    this.box = null;
    this.on = false;
    this.toMm = toMm;
    this.changed = changed;
    surface.addEventListener("pointerdown", (event) => this.#begin(event, surface));
    surface.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) surface.addEventListener(end, () => { this.held = null; });
    surface.addEventListener("keydown", (event) => this.#key(event));
  }

  toggle(on = !this.on, start = { x: 40, y: 20 }) {
    this.on = on;
    this.box = on ? { x1: start.x, y1: start.y, x2: start.x + 5, y2: start.y - 10 } : null;
    this.changed(this.box);
  }

  #begin(event, surface) {
    if (!this.on || !event.isPrimary) return;
    event.preventDefault();
    surface.setPointerCapture(event.pointerId);
    const at = this.toMm(event);
    this.held = this.#nearest(at);
    if (!this.held) {
      this.box = { x1: at.x, y1: at.y, x2: at.x, y2: at.y };
      this.held = ["x2", "y2"];
    }
    this.changed(this.box);
  }

  // A gloved finger catches an edge or a corner within 4 mm; elsewhere a new box begins.
  #nearest({ x, y }) {
    const reach = 4;
    const edge = (value, names) => names.find((name) => Math.abs(this.box[name] - value) < reach);
    const inside = (value, a, b) => value > Math.min(a, b) - reach && value < Math.max(a, b) + reach;
    if (!inside(x, this.box.x1, this.box.x2) || !inside(y, this.box.y1, this.box.y2)) return null;
    const found = [edge(x, ["x2", "x1"]), edge(y, ["y2", "y1"])].filter(Boolean);
    return found.length ? found : null;
  }

  #move(event) {
    if (!this.on || !this.held) return;
    const at = this.toMm(event);
    for (const name of this.held) this.box[name] = name[0] === "x" ? at.x : at.y;
    this.changed(this.box);
  }

  #key(event) {
    if (!this.on || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const step = event.shiftKey ? 1 : 0.2; // mm: 40 ms or 0.1 mV with Shift, a fifth of it without
    const [axis, sign] = { ArrowLeft: ["x", -1], ArrowRight: ["x", 1], ArrowUp: ["y", -1], ArrowDown: ["y", 1] }[event.key];
    const ends = event.altKey ? ["2"] : ["1", "2"]; // Alt: only the second leg
    for (const end of ends) this.box[axis + end] += sign * step;
    this.changed(this.box);
  }

  draw(ctx, ink) {
    if (!this.box) return;
    const { x1, y1, x2, y2 } = this.box;
    ctx.fillStyle = ink.focus;
    ctx.globalAlpha = 0.14;
    ctx.fillRect(x1, y1, x2 - x1, y2 - y1);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = ink.focus;
    ctx.lineWidth = 0.35;
    ctx.strokeRect(x1, y1, x2 - x1, y2 - y1);
    const words = describe(measure(this.box));
    ctx.font = `700 3.6px ${ink.font}`;
    ctx.textBaseline = "bottom";
    const x = Math.min(x1, x2);
    const y = Math.min(y1, y2) - 1;
    ctx.fillStyle = ink.paper;
    ctx.fillRect(x - 0.6, y - 4.6, ctx.measureText(words).width + 1.2, 5);
    ctx.fillStyle = ink.trace;
    ctx.fillText(words, x, y);
  }
}
