// <true-paper>: a recording drawn at 12 dots a millimetre and shown in CSS millimetres, in the colours of paper.
import { colours, still } from "../ecg/draw.js";
import { sheet } from "../ecg/layout.js";
import { paperInk } from "../ecg/print.js";

const DOTS = 12; // per mm: 305 dpi
const ROW_MM = 23; // seven rows fit the page

class TruePaper extends HTMLElement {
  #recording = null;
  #marks = {};

  set recording(recording) { this.#recording = recording; this.#draw(); }
  set marks(marks) { this.#marks = marks; this.#draw(); }

  connectedCallback() { this.#draw(); }

  // 186 mm of paper hold 3.5 s a column: less than the usual 5 s, at the true speed.
  #layout() {
    const whole = sheet("tall", { leads: this.#recording.names, rowHeight: ROW_MM });
    const wide = 3.5 / 2.5;
    const cells = whole.cells.map((cell) => ({
      ...cell, seconds: cell.seconds * wide, from: cell.from * wide, width: cell.width * wide, x: 8 + (cell.x - 8) * wide,
    }));
    return { ...whole, cells, width: 185 };
  }

  #draw() {
    if (!this.isConnected || !this.#recording) return;
    const layout = this.#layout();
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: layout.width * DOTS, height: layout.height * DOTS });
    Object.assign(canvas.style, { width: `${layout.width}mm`, height: `${layout.height}mm` });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", this.getAttribute("label") ?? "ECG");
    const ctx = canvas.getContext("2d");
    ctx.scale(DOTS, DOTS);
    still(ctx, layout, this.#recording, { marks: this.#marks, ink: paperInk(colours), pxPerMm: DOTS, thickness: 0.25, size: 3 });
    this.replaceChildren(canvas);
  }
}

customElements.get("true-paper") ?? customElements.define("true-paper", TruePaper);
