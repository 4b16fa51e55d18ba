// The 12-lead ECG: live from the monitor or from a device's file, on true paper.
import { html, nothing } from "lit-html";
import { clock, now } from "../../../web/clock.js";
import { t } from "../../../web/i18n.js";
import { base64Of } from "../photos.js";
import { pic, shape } from "../pictures.js";
import { foot, head, tabs } from "./parts.js";

const MOST_BYTES = 8e6;

export function ecg(app) {
  const { frames, view } = app;
  const form = app.form("ecg");
  const shown = form.values.shown ?? (frames.heard ? "live" : view.ecgs.at(-1)?.id ?? "live");
  const recordings = view.ecgs.slice(-3).reverse();
  app.showEcg?.(shown);
  const quiet = frames.heard && Date.now() - frames.heard > 5000;
  return html`${head(app, t("12-lead ECG"))}<main id="work" tabindex="-1" class="ecgview">
    ${tabs([["live", t("From the monitor"), "monitor"], ...recordings.map((each) => [each.id, each.pending ? t("File {time}, waiting", { time: clock(each.at) }) : t("File {time}", { time: clock(each.at) }), "file"])], shown, (value) => form.set({ shown: value }), t("Which ECG"))}
    ${shown === "live" && !frames.heard ? html`<section class="empty small">${pic("pulse", "xl")}<p>${t("No signal from a monitor for this case. It appears here by itself when a paired monitor sends; or take the file of the ECG device.")}</p></section>` : nothing}
    ${shown !== "live" && view.ecgs.find((each) => each.id === shown)?.pending ? html`<section class="empty small"><p>${t("Kept on this device. It is drawn when the server has read the file.")}</p></section>` : nothing}
    ${quiet && shown === "live" ? html`<p class="warn me" role="status">${shape("me")}${t("No signal since {time}", { time: clock(now() - (Date.now() - frames.heard), "seconds") })}</p>` : nothing}
    <div class="paperbox">${frames.paper ?? nothing}</div>
    ${frames.paper ? tools(app, frames.paper) : nothing}
    ${frames.readings?.length ? html`<section class="card"><header><h2>${t("Reading")}</h2></header>${frames.readings.map((reading) => html`<div class="line"><span>${reading.name}</span><span>${reading.words}</span></div>`)}</section>` : nothing}
  </main>${foot(html`<label class="big">${pic("file")}<span><b>${t("ECG from a file")}</b><span>${t("aECG, SCP, DICOM and other device files")}</span></span><span></span>
    <input type="file" class="vh" accept=".xml,.scp,.dcm,.ecg,.mfer,.mwf,.hea,.dat,.zip,.csv,.json,application/xml,text/xml,application/dicom" @change=${(event) => take(app, form, event.target)}></label>`)}`;
}

function tools(app, paper) {
  const act = (work) => () => { work(); app.draw(); };
  const button = (picture, words, work, pressed) => html`<button aria-label=${words} aria-pressed=${pressed === undefined ? nothing : String(pressed)} @click=${act(work)}>${pic(picture)}<small>${words}</small></button>`;
  return html`<section class="cacts ecgtools">${paper.recording && app.frames.heard ? button("play", t("Go on"), () => paper.thaw()) : button("pause", t("Hold"), () => paper.freeze())}
    ${button("ruler", t("Measure"), () => paper.callipers(), Boolean(paper.legs?.on))}${button("zoomin", t("Larger"), () => paper.zoom(1.4))}${button("zoomout", t("Smaller"), () => paper.zoom(1 / 1.4))}
    ${button("print", t("Print"), () => paper.print(`${app.title} · ${clock(now(), "full")}`))}</section>`;
}

async function take(app, form, input) {
  const [file] = input.files;
  input.value = "";
  if (!file) return;
  if (file.size > MOST_BYTES) return app.tell(t("This file has {size} MB: an ECG has less than 8.", { size: Math.round(file.size / 1e6) }), "problem");
  if (!file.size) return app.tell(t("This file is empty. Export the ECG from the device again."), "problem");
  const data = { signal: crypto.randomUUID(), format: "file", file_base64: await base64Of(file), name: file.name };
  await app.record([["ecg", data]], { words: t("ECG kept: {name}", { name: file.name }) });
  return form.set({ shown: data.signal });
}
