// Draws grid, calibration pulse, traces, names and tints on a 2D context whose unit is one millimetre of paper.
import { GAIN, SPEED, baseline } from "./layout.js";

/** Paper colours from the page's tokens, so that light, dark and print each have their own. */
export function colours(element) {
  const style = getComputedStyle(element);
  const value = (name) => style.getPropertyValue(name).trim();
  return {
    paper: value("--ecg-paper"), minor: value("--ecg-minor"), major: value("--ecg-major"), trace: value("--ecg-trace"),
    high: value("--ecg-tint-high"), medium: value("--ecg-tint-medium"), highInk: value("--high"),
    mediumInk: value("--medium"), focus: value("--focus"), font: style.fontFamily,
  };
}

/** 1-mm and 5-mm lines; the fine ones only where they would not melt into a grey. */
export function grid(ctx, { width, height }, ink, pxPerMm) {
  ctx.fillStyle = ink.paper;
  ctx.fillRect(0, 0, width, height);
  if (pxPerMm >= 2) lines(ctx, width, height, 1, ink.minor, 1 / pxPerMm);
  lines(ctx, width, height, 5, ink.major, 1 / pxPerMm);
}

function lines(ctx, width, height, every, colour, thickness) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = thickness;
  ctx.beginPath();
  for (let x = 0; x <= width; x += every) { ctx.moveTo(x, 0); ctx.lineTo(x, height); }
  for (let y = 0; y <= height; y += every) { ctx.moveTo(0, y); ctx.lineTo(width, y); }
  ctx.stroke();
}

/** The pulse of 1 mV for 0.2 s before each row. */
export function calibration(ctx, layout, ink, thickness) {
  stroke(ctx, ink.trace, thickness);
  ctx.beginPath();
  for (let row = 0; row < layout.rows; row++) {
    const y = baseline({ y: layout.top + row * layout.rowHeight, height: layout.rowHeight });
    ctx.moveTo(1, y); ctx.lineTo(2, y); ctx.lineTo(2, y - GAIN); ctx.lineTo(7, y - GAIN); ctx.lineTo(7, y); ctx.lineTo(8, y);
  }
  ctx.stroke();
}

function stroke(ctx, colour, thickness) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = thickness;
  ctx.lineJoin = "round";
  ctx.lineCap = "round";
}

/** Samples of `at(i)` for i in [first, last) as a line from `x`; NaN lifts the pen, the cell's edge cuts. */
export function trace(ctx, cell, at, first, last, rate, x0) {
  const y0 = baseline(cell);
  const step = SPEED / rate;
  let down = false;
  for (let i = first; i < last; i++) {
    const value = at(i);
    if (Number.isNaN(value)) { down = false; continue; }
    const x = x0 + (i - first) * step;
    const y = y0 - value * GAIN;
    if (down) ctx.lineTo(x, y);
    else { ctx.moveTo(x, y); down = true; }
  }
}

export function tint(ctx, cell, level, ink) {
  ctx.fillStyle = level === "high" ? ink.high : ink.medium;
  ctx.fillRect(cell.x, cell.y + 0.5, cell.width, cell.height - 1);
}

/** The lead's name and, when a threshold was crossed, which one; on paper-coloured ground, clear of the S waves. */
export function label(ctx, cell, mark, ink, size) {
  ctx.textBaseline = "top";
  text(ctx, cell.lead, cell.x + 1.2, cell.y + 0.8, size, ink.trace, ink);
  if (!mark?.caption) return;
  const shape = mark.level === "high" ? "▲▲▲ " : "▲▲ ";
  const colour = mark.level === "high" ? ink.highInk : ink.mediumInk;
  const after = cell.x + 1.2 + ctx.measureText(`${cell.lead}  `).width;
  text(ctx, shape + mark.caption, after, cell.y + 0.8, size * 0.86, colour, ink);
}

function text(ctx, words, x, y, size, colour, ink) {
  ctx.font = `600 ${size}px ${ink.font}`;
  ctx.fillStyle = ink.paper;
  ctx.globalAlpha = 0.86;
  ctx.fillRect(x - 0.4, y - 0.2, ctx.measureText(words).width + 0.8, size * 1.15);
  ctx.globalAlpha = 1;
  ctx.fillStyle = colour;
  ctx.fillText(words, x, y);
}

/** A short bar where one lead ends and the next begins. */
export function divide(ctx, cell) {
  const y = baseline(cell);
  ctx.moveTo(cell.x, y - 2);
  ctx.lineTo(cell.x, y + 2);
}

/** A whole still sheet. `marks` is {lead: {level: "high"|"medium", caption}}. */
export function still(ctx, layout, recording, { marks = {}, ink, pxPerMm, thickness = 0.32, size = 3.2 }) {
  grid(ctx, layout, ink, pxPerMm);
  for (const cell of layout.cells) if (marks[cell.lead] && !cell.rhythm) tint(ctx, cell, marks[cell.lead].level, ink);
  calibration(ctx, layout, ink, thickness);
  for (const cell of layout.cells) {
    const samples = recording.slice(cell.lead, cell.from, cell.seconds);
    ctx.save();
    ctx.beginPath();
    ctx.rect(cell.x, cell.y - cell.height * 0.35, cell.width, cell.height * 1.7);
    ctx.clip();
    stroke(ctx, ink.trace, thickness);
    ctx.beginPath();
    if (cell.from > 0) divide(ctx, cell);
    trace(ctx, cell, (i) => samples[i], 0, samples.length, recording.rate, cell.x);
    ctx.stroke();
    ctx.restore();
  }
  for (const cell of layout.cells) label(ctx, cell, cell.rhythm ? null : marks[cell.lead], ink, size);
}

/** The traces of a running signal at playback sample `head`: new to the left of the sweep, old to its right. */
export function sweeping(ctx, layout, stream, head, { ink, thickness = 0.32, blank = 0.16 }) {
  for (const cell of layout.cells) {
    const span = Math.round(cell.seconds * stream.rate);
    const turn = Math.floor(head / span) * span;
    const at = (i) => stream.at(cell.lead, i);
    ctx.save();
    ctx.beginPath();
    ctx.rect(cell.x, cell.y - cell.height * 0.35, cell.width, cell.height * 1.7);
    ctx.clip();
    stroke(ctx, ink.trace, thickness);
    ctx.beginPath();
    trace(ctx, cell, at, turn, Math.floor(head), stream.rate, cell.x);
    const old = Math.floor(head) + Math.round(blank * stream.rate);
    if (old < turn + span) {
      trace(ctx, cell, at, old - span, turn, stream.rate, cell.x + ((old - turn) * SPEED) / stream.rate);
    }
    ctx.stroke();
    ctx.restore();
  }
}
