// What software measured on an ECG, in words of millimetres: which leads crossed which limit.

const DEPRESSED_MM = -0.5; // two contiguous leads at or below: ischaemia or a mirror image (unverified rule)

/** "+2.5", "−1.2" mm; 1 mm is 100 µV. */
export const mm = (uv) => `${uv < 0 ? "−" : "+"}${Math.abs(uv / 100).toFixed(1)}`;

/** Leads with their ST level and the limit they crossed: [{lead, mm, limit, level, meets}], most telling first. */
export function crossed(measured) {
  if (!measured?.st_uv) return [];
  const meets = new Set(measured.meets ?? []);
  return Object.entries(measured.st_uv).flatMap(([lead, uv]) => {
    const limit = measured.limits_mm?.[lead];
    if (meets.has(lead)) return [{ lead, uv, limit, level: "high" }];
    if (limit !== undefined && uv / 100 >= limit) return [{ lead, uv, limit, level: "medium" }];
    if (uv / 100 <= DEPRESSED_MM && lead !== "aVR") return [{ lead, uv, limit: DEPRESSED_MM, level: "medium", down: true }];
    return [];
  }).sort((a, b) => Number(b.level === "high") - Number(a.level === "high"));
}

/** The tints of the paper: {lead: {level, caption}}. */
export const marksOf = (measured) => Object.fromEntries(crossed(measured).map(({ lead, uv, limit, level, down }) =>
  [lead, { level, caption: `ST ${mm(uv)} mm${limit === undefined ? "" : down ? ` ≤ ${mm(limit * 100)}` : ` ≥ ${limit.toFixed(1)}`}` }]));
