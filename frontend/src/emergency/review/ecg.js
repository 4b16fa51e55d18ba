// The ECGs of a case: a small sheet in the list, the whole paper in a dialog.
import { html, render } from "lit-html";
import { request } from "../../web/api.js";
import { clock } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { closer } from "../desk/parts.js";
import { decodeAll } from "../frame.js";

const tools = () => Promise.all([import("../ecg/paper.js"), import("../ecg/recording.js")]);

/** Leads that meet their limit, with what was measured. */
function marksOf({ measured }) {
  if (!measured?.st_uv) return {};
  const caption = (lead) => `ST ${measured.st_uv[lead] >= 0 ? "+" : "−"}${(Math.abs(measured.st_uv[lead]) / 1000).toFixed(2)} mV`;
  return Object.fromEntries((measured.meets ?? []).map((lead) => [lead, { level: "high", caption: caption(lead) }]));
}

export class Ecgs {
  constructor(caseId, api) {
    Object.assign(this, { caseId, api });
    this.recordings = new Map();
    this.thumbs = new Map();
  }

  #recording(signal) {
    if (!this.recordings.has(signal)) this.recordings.set(signal, this.#fetch(signal));
    return this.recordings.get(signal);
  }

  async #fetch(signal) {
    const answer = await request("GET", `${this.api}/cases/${this.caseId}/ecg/${signal}/frames`, undefined, { raw: true, signal: AbortSignal.timeout(30_000) });
    const [[, { fromFrames }], bytes] = await Promise.all([tools(), answer.arrayBuffer()]);
    return fromFrames(decodeAll(new Uint8Array(bytes)));
  }

  /** A sheet as wide as the list; drawn when its frames are here. */
  thumbnail(ecg) {
    if (!this.thumbs.has(ecg.signal)) {
      const paper = document.createElement("ecg-paper");
      paper.setAttribute("layout", "3x4");
      paper.className = "small";
      this.thumbs.set(ecg.signal, paper);
      this.#recording(ecg.signal).then((recording) => { paper.show(recording); paper.marks = marksOf(ecg); }, () => paper.remove());
    }
    return this.thumbs.get(ecg.signal);
  }

  async open(ecg, box) {
    const paper = document.createElement("ecg-paper");
    const { reading, demonstration, device } = ecg;
    const about = [reading ? `${reading.by}: ${reading.text}` : t("not read yet"), device, demonstration ? t("demonstration signal") : "", "25 mm/s · 10 mm/mV"].filter(Boolean).join(" · ");
    const draw = (problem = "") => render(html`<header><h1 id="ecg-title">${t("12-lead ECG")} · ${clock(ecg.at, "seconds")}</h1>${closer(() => box.close(), t("Close"))}</header>
      <div class="in"><p class="two">${about}</p>${problem ? html`<p class="msg bad" role="alert">${problem}</p>` : paper}</div>
      <footer><button class="btn" @click=${() => paper.callipers()}>${t("Callipers")}</button><button class="btn" @click=${() => paper.zoom(1.4)}>${t("Closer")}</button><button class="btn" @click=${() => paper.fit()}>${t("Whole sheet")}</button><button class="btn" @click=${() => paper.print(t("Case ECG {time}", { time: clock(ecg.at, "full") }))}>${t("Print")}</button></footer>`, box);
    draw();
    if (!box.open) box.showModal();
    try {
      paper.show(await this.#recording(ecg.signal));
      paper.marks = marksOf(ecg);
    } catch (error) {
      this.recordings.delete(ecg.signal);
      draw(error.message);
    }
  }
}
