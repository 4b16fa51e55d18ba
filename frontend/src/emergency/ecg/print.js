// Prints a recording in true millimetres: 25 mm/s and 10 mm/mV on the sheet of paper.
import { still } from "./draw.js";
import { sheet } from "./layout.js";

const DOTS = 12; // per mm: 305 dpi

/** A canvas whose CSS size is in millimetres, drawn in the colours of paper whatever the page's theme is. */
export function printable(recording, { marks = {}, kind = "3x4", ink }) {
  const layout = sheet(kind, { leads: recording.names });
  const canvas = document.createElement("canvas");
  canvas.width = layout.width * DOTS;
  canvas.height = layout.height * DOTS;
  canvas.style.width = `${layout.width}mm`;
  canvas.style.height = `${layout.height}mm`;
  const ctx = canvas.getContext("2d");
  ctx.scale(DOTS, DOTS);
  still(ctx, layout, recording, { marks, ink, pxPerMm: DOTS, thickness: 0.25, size: 3 });
  return canvas;
}

/** Opens the browser's print dialog with the sheet alone on an A4 landscape page. `heading` is a line of words. */
export async function print(recording, { marks, kind, ink, heading = "" }) {
  const page = document.createElement("section");
  page.className = "ecg-print";
  const words = document.createElement("p");
  words.textContent = `${heading}  25 mm/s · 10 mm/mV`.trim();
  page.append(words, printable(recording, { marks, kind, ink }));
  document.body.append(page);
  document.documentElement.classList.add("printing-ecg");
  try {
    window.print();
  } finally {
    document.documentElement.classList.remove("printing-ecg");
    page.remove();
  }
}

/** The light tokens, for paper that is printed from a dark page. */
export function paperInk(coloursOf) {
  const probe = document.createElement("i");
  probe.dataset.theme = "light";
  probe.hidden = true;
  document.body.append(probe);
  const ink = coloursOf(probe);
  probe.remove();
  return { ...ink, paper: "#ffffff" };
}
