// Reads and writes live ECG frames, the JavaScript twin of banyan.apps.emergency.ecg.frame.
// Little endian: "BEF1" | case 16 B | signal 16 B | u32 sequence | i64 µs since epoch | f32 Hz | f32 µV per step
// | u16 samples per lead | u8 leads | u8 flags | u8 code[leads] | i16 data[leads][samples] | u32 CRC-32 of all before.

export const LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6",
  "V7", "V8", "V9", "V3R", "V4R", "V5R", "V6R"];
export const MISSING = -32768;
export const SATURATED = 32767;
const MAGIC = 0x31464542;
const HEAD = 60;

const table = new Uint32Array(256).map((_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

export function crc32(bytes) {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function uuidBytes(uuid) {
  const hex = uuid.replaceAll("-", "");
  if (!/^[0-9a-f]{32}$/i.test(hex)) throw new Error(`"${uuid}" is no UUID: a frame names its case and signal by one.`);
  return Uint8Array.from({ length: 16 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

function uuidText(bytes) {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** One frame as bytes. `at` is the device's time in µs (number or BigInt); `data` holds one Int16Array per lead. */
export function encode({ case: caseId, signal, sequence, at, rate, microvolts, leads, data, flags = 0 }) {
  const samples = data[0].length;
  const bytes = new Uint8Array(HEAD + leads.length + 2 * leads.length * samples + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  bytes.set(uuidBytes(caseId), 4);
  bytes.set(uuidBytes(signal), 20);
  view.setUint32(36, sequence, true);
  view.setBigInt64(40, BigInt(at), true);
  view.setFloat32(48, rate, true);
  view.setFloat32(52, microvolts, true);
  view.setUint16(56, samples, true);
  view.setUint8(58, leads.length);
  view.setUint8(59, flags);
  const codes = 60;
  leads.forEach((lead, i) => view.setUint8(codes + i, LEADS.indexOf(lead)));
  let place = codes + leads.length;
  for (const lead of data) for (const value of lead) {
    view.setInt16(place, value, true);
    place += 2;
  }
  view.setUint32(place, crc32(bytes.subarray(0, place)), true);
  return bytes.subarray(0, place + 4);
}

/** The frame that starts at `offset`, and where the next one starts. Throws when cut short or damaged. */
export function decode(bytes, offset = 0) {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.byteLength - offset);
  if (view.byteLength < HEAD || view.getUint32(0, true) !== MAGIC) {
    throw new Error(`No ECG frame at byte ${offset}: it does not begin with "BEF1".`);
  }
  const samples = view.getUint16(56, true);
  const count = view.getUint8(58);
  const size = 60 + count + 2 * count * samples + 4;
  if (view.byteLength < size) throw new Error(`The ECG frame at byte ${offset} is cut short: ${view.byteLength} of ${size} bytes.`);
  const all = bytes.subarray(offset, offset + size);
  if (crc32(all.subarray(0, size - 4)) !== view.getUint32(size - 4, true)) {
    throw new Error(`The ECG frame at byte ${offset} is damaged: its checksum does not fit. Send it again.`);
  }
  const leads = Array.from({ length: count }, (_, i) => LEADS[view.getUint8(60 + i)] ?? `lead ${view.getUint8(60 + i)}`);
  const data = leads.map((_, i) =>
    Int16Array.from({ length: samples }, (_, n) => view.getInt16(60 + count + 2 * (i * samples + n), true)));
  return {
    frame: {
      case: uuidText(all.subarray(4, 20)), signal: uuidText(all.subarray(20, 36)), sequence: view.getUint32(36, true),
      at: view.getBigInt64(40, true), rate: view.getFloat32(48, true), microvolts: view.getFloat32(52, true),
      flags: view.getUint8(59), leads, data,
    },
    next: offset + size,
  };
}

/** All frames that lie back to back in `bytes`. */
export function decodeAll(bytes) {
  const frames = [];
  for (let offset = 0; offset < bytes.length;) {
    const { frame, next } = decode(bytes, offset);
    frames.push(frame);
    offset = next;
  }
  return frames;
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
