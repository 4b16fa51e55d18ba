// Where each lead lies on the paper, in millimetres: 3 × 4 with a rhythm strip, 6 × 2 when wide or tall, strips.

export const SPEED = 25; // mm/s
export const GAIN = 10; // mm/mV
export const CALIBRATION = 8; // mm before the first lead: the 10-mm pulse
const EDGE = 2;

const THREE = [["I", "II", "III"], ["aVR", "aVL", "aVF"], ["V1", "V2", "V3"], ["V4", "V5", "V6"]];
const SIX = [["I", "II", "III", "aVR", "aVL", "aVF"], ["V1", "V2", "V3", "V4", "V5", "V6"]];
// "tall" is the 6 × 2 of a phone held upright: half as long, twice as large.
const KINDS = {
  "3x4": { columns: THREE, seconds: 2.5 },
  "6x2": { columns: SIX, seconds: 5 },
  tall: { columns: SIX, seconds: 2.5 },
};
const EXTRA = ["V7", "V8", "V9", "V3R", "V4R", "V5R", "V6R"];

/** What is readable at this width: "6x2" on a wide screen, "3x4" on a tablet, "tall" on a phone. */
export function choose(widthPx) {
  if (widthPx < 640) return "tall";
  return widthPx >= 1100 ? "6x2" : "3x4";
}

/**
 * Cells of one sheet: {lead, x, y, width, height, from, seconds}, all in mm; `from` is the second of the recording
 * that the cell begins with. Leads that a recording has beyond the twelve (V7–V9, right-sided) get a row of their own.
 */
export function sheet(kind, { leads = [], rhythm = "II", rowHeight = 25, streaming = false } = {}) {
  if (kind === "strip") return strips(leads, rowHeight);
  const { columns, seconds } = KINDS[kind];
  const width = seconds * SPEED;
  const cells = columns.flatMap((column, c) => column.map((lead, r) => ({
    lead, x: CALIBRATION + c * width, y: EDGE + r * rowHeight, width, height: rowHeight, seconds,
    from: streaming ? 0 : c * seconds,
  })));
  let rows = columns[0].length;
  const more = EXTRA.filter((lead) => leads.includes(lead));
  for (let i = 0; i < more.length; i += columns.length, rows++) {
    more.slice(i, i + columns.length).forEach((lead, c) => cells.push({
      lead, x: CALIBRATION + c * width, y: EDGE + rows * rowHeight, width, height: rowHeight, seconds,
      from: streaming ? 0 : c * seconds,
    }));
  }
  const whole = columns.length * width;
  if (rhythm) cells.push({
    lead: rhythm, x: CALIBRATION, y: EDGE + rows++ * rowHeight, width: whole, height: rowHeight,
    seconds: columns.length * seconds, from: 0, rhythm: true,
  });
  return { cells, rows, rowHeight, top: EDGE, ...whole5(CALIBRATION + whole + EDGE, 2 * EDGE + rows * rowHeight) };
}

function strips(leads, rowHeight) {
  const cells = leads.map((lead, r) => ({
    lead, x: CALIBRATION, y: EDGE + r * rowHeight, width: 250, height: rowHeight, seconds: 10, from: 0, rhythm: true,
  }));
  const size = whole5(CALIBRATION + 250 + EDGE, 2 * EDGE + leads.length * rowHeight);
  return { cells, rows: leads.length, rowHeight, top: EDGE, ...size };
}

// The sheet ends on a 5-mm line, as paper does.
function whole5(width, height) {
  return { width: Math.ceil(width / 5) * 5, height: Math.ceil(height / 5) * 5 };
}

/** The baseline of a row lies a little under its middle: R waves are taller than S waves are deep. */
export function baseline(cell) {
  return cell.y + cell.height * 0.56;
}
