// The ECG thumbnails of the board: follows one line of frames per patient, shows what was kept where none runs.
import { subscribe } from "../../web/live.js";
import { decode, decodeAll, fromBase64 } from "../frame.js";
import { fromFrames } from "../ecg/recording.js";
import { request } from "../../web/api.js";
import "./thumb.js";

const AGAIN_MS = 15_000; // frames that could not be read are asked for again

/** Wanted lines, their thumbnails (one element a case, kept over redraws), and what has been heard. */
export class EcgLines {
  #thumbs = new Map(); // case → <ecg-thumb>
  #kept = new Map(); // case → signal whose kept frames were asked for
  #topics = "";
  #leave = null;

  constructor(changed) {
    this.changed = changed;
  }

  /** Follows exactly these cases. */
  want(cases) {
    const topics = cases.map((each) => `ecg/${each.case}`).sort();
    for (const each of cases) this.#keep(each);
    if (topics.join() === this.#topics) return;
    this.#topics = topics.join();
    this.#leave?.();
    this.#leave = topics.length ? subscribe(topics, (event) => this.#heard(event)) : null;
    for (const known of this.#thumbs.keys()) if (!topics.includes(`ecg/${known}`)) this.#thumbs.delete(known);
  }

  /** The state of a case's line: "live" while frames come, else "kept". */
  of(each) {
    const heard = this.#thumbs.get(each.case)?.heard ?? 0;
    return heard && performance.now() - heard < 4000 ? "live" : "kept";
  }

  #thumb(id) {
    if (!this.#thumbs.has(id)) this.#thumbs.set(id, document.createElement("ecg-thumb"));
    return this.#thumbs.get(id);
  }

  #heard({ topic, kind, data }) {
    if (kind !== "ecg.frame" || !data.frame) return;
    const thumb = this.#thumb(topic.slice(4));
    const first = !thumb.heard;
    thumb.push(decode(fromBase64(data.frame)).frame);
    if (first) this.changed();
  }

  async #keep({ case: id, ecg }) {
    if (this.#kept.get(id) === ecg.signal) return;
    this.#kept.set(id, ecg.signal);
    try {
      const answer = await request("GET", `/api/emergency/cases/${id}/ecg/${ecg.signal}/frames?from=0&to=9`, undefined, { raw: true });
      this.#thumb(id).show(fromFrames(decodeAll(new Uint8Array(await answer.arrayBuffer()))));
    } catch {
      setTimeout(() => this.#kept.delete(id), AGAIN_MS);
    }
  }

  /** Puts each thumbnail into its place in the drawn board. */
  fill(board) {
    for (const place of board.querySelectorAll("[data-thumb]")) {
      const thumb = this.#thumb(place.dataset.thumb);
      if (thumb.getAttribute("marked") !== place.dataset.marked) thumb.setAttribute("marked", place.dataset.marked);
      if (thumb.getAttribute("leads") !== place.dataset.leads) thumb.setAttribute("leads", place.dataset.leads);
      if (thumb.parentElement !== place) place.replaceChildren(thumb);
    }
  }
}
