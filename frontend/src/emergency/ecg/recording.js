// Holds the samples of one ECG by lead in millivolts; what is missing is NaN, so that a gap stays a gap.
import { MISSING, SATURATED } from "../frame.js";

/** The device's steps in mV. A saturated sample stays at its limit and is remembered, so that the page can say so. */
function millivolts(values, microvolts, saturated, lead) {
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === MISSING) out[i] = NaN;
    else out[i] = (value * microvolts) / 1000;
    if (value === SATURATED || value === -SATURATED) saturated.add(lead);
  }
  return out;
}

/** A recording that is over: {rate, start, leads: {I: Float32Array mV}}. */
export class Recording {
  constructor({ rate, start = null, leads, saturated = [] }) {
    this.rate = rate;
    this.start = start;
    this.leads = leads;
    this.saturated = new Set(saturated);
  }

  get names() { return Object.keys(this.leads); }
  get seconds() { return Math.max(0, ...Object.values(this.leads).map((lead) => lead.length)) / this.rate; }

  /** Samples of a lead from a second on; beyond the recording NaN. */
  slice(lead, from, seconds) {
    const all = this.leads[lead];
    const count = Math.round(seconds * this.rate);
    const out = new Float32Array(count).fill(NaN);
    const first = Math.round(from * this.rate);
    if (all) out.set(all.subarray(first, Math.min(all.length, first + count)));
    return out;
  }

  /** Leads of the standard twelve that carry no signal at all. */
  missing(wanted) {
    return wanted.filter((lead) => !this.leads[lead] || this.leads[lead].every(Number.isNaN));
  }
}

/** Frames of one signal laid on one time line by the device's clock; a lost frame leaves a gap. */
export function fromFrames(frames) {
  const sorted = [...frames].sort((a, b) => a.sequence - b.sequence);
  const { rate, at: start } = sorted[0];
  const place = (frame) => Math.round((Number(frame.at - start) * rate) / 1e6);
  const length = Math.max(...sorted.map((frame) => place(frame) + frame.data[0].length));
  const leads = {};
  const saturated = new Set();
  for (const frame of sorted) frame.leads.forEach((lead, i) => {
    leads[lead] ??= new Float32Array(length).fill(NaN);
    leads[lead].set(millivolts(frame.data[i], frame.microvolts, saturated, lead), place(frame));
  });
  return new Recording({ rate, start: Number(start) / 1000, leads, saturated });
}

const UNIT = { uV: 1e-3, "µV": 1e-3, mV: 1, V: 1000 };

/** An Observation with one valueSampledData component a lead (as the record renders it). */
export function fromObservation(observation, leadOf = leadOfComponent) {
  const leads = {};
  let rate = 500;
  for (const component of observation.component ?? []) {
    const sampled = component.valueSampledData;
    if (!sampled) continue;
    rate = 1000 / sampled.period;
    const scale = (sampled.factor ?? 1) * (UNIT[sampled.origin.code ?? sampled.origin.unit] ?? 1);
    const zero = (sampled.origin.value ?? 0) * (UNIT[sampled.origin.code ?? sampled.origin.unit] ?? 1);
    leads[leadOf(component)] = Float32Array.from(sampled.data.trim().split(/\s+/), (text) => Number(text) * scale + zero);
  }
  const start = observation.effectiveDateTime ?? observation.effectivePeriod?.start;
  return new Recording({ rate, start: start ? Date.parse(start) : null, leads });
}

function leadOfComponent(component) {
  const named = component.code.text ?? component.code.coding?.[0]?.display ?? "";
  return named.replace(/^.*lead\s+/i, "").trim();
}

/** The last seconds of a running signal, addressed by absolute sample number. */
export class Stream {
  constructor(seconds = 12) {
    this.seconds = seconds;
    this.signal = null;
    this.lost = 0;
  }

  /** Takes a decoded frame. A frame of another signal starts the stream anew. */
  push(frame) {
    if (this.signal !== frame.signal || this.rate !== frame.rate) this.#begin(frame);
    const first = Math.round((Number(frame.at - this.start) * this.rate) / 1e6);
    const count = frame.data[0].length;
    if (first + count <= this.end - this.size || first < 0) return; // older than what is shown
    const from = Math.max(this.end, first - this.size);
    for (let i = from; i < first; i++) for (const lead of this.names) this.ring[lead][i % this.size] = NaN;
    if (this.end && first > this.end) this.lost += first - this.end;
    frame.leads.forEach((lead, l) => {
      const values = millivolts(frame.data[l], frame.microvolts, this.saturated, lead);
      this.ring[lead] ??= new Float32Array(this.size).fill(NaN);
      for (let i = 0; i < count; i++) this.ring[lead][(first + i) % this.size] = values[i];
    });
    for (const lead of this.names) if (!frame.leads.includes(lead)) {
      for (let i = 0; i < count; i++) this.ring[lead][(first + i) % this.size] = NaN;
    }
    this.end = Math.max(this.end, first + count);
    this.heard = performance.now();
  }

  #begin(frame) {
    this.signal = frame.signal;
    this.rate = frame.rate;
    this.start = frame.at;
    this.size = Math.ceil(this.seconds * frame.rate);
    this.ring = {};
    this.saturated = new Set();
    this.end = 0;
  }

  get names() { return Object.keys(this.ring ?? {}); }

  at(lead, index) {
    if (index < 0 || index >= this.end || index < this.end - this.size) return NaN;
    return this.ring[lead]?.[index % this.size] ?? NaN;
  }

  /** The last seconds as a recording, to measure on while the stream goes on. */
  freeze(seconds = 10) {
    const count = Math.min(this.end, Math.round(seconds * this.rate));
    const first = this.end - count;
    const leads = Object.fromEntries(this.names.map((lead) =>
      [lead, Float32Array.from({ length: count }, (_, i) => this.at(lead, first + i))]));
    const start = Number(this.start) / 1000 + (first * 1000) / this.rate;
    return new Recording({ rate: this.rate, start, leads, saturated: this.saturated });
  }
}
