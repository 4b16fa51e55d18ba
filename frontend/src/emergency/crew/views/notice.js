// The notice to the hospital: filled in from what is known, sent with one touch.
import { html, nothing } from "lit-html";
import { clock } from "../../../web/clock.js";
import { t } from "../../../web/i18n.js";
import { pic, shape } from "../pictures.js";
import { NAMES, fieldOf, newest, news2, priority, show } from "../vitals.js";
import { PATHWAY, who } from "../words.js";
import { chosenOption, destinationWords } from "./destination.js";
import { big, chips, foot, head } from "./parts.js";

const LEVELS = [[1, "I", t("critical")], [2, "II", t("urgent")], [3, "III", t("less urgent")], [4, "IV", t("not urgent")]];

const USUAL = ["stemi", "chest_pain", "stroke", "trauma", "paediatric", "arrest", "other"];
const offered = (chosen) => [...new Set([...USUAL, chosen])].map((name) => [name, PATHWAY[name] ?? name]);

export function notice(app) {
  const { view } = app;
  const form = app.form("notice");
  const level = form.values.level ?? view.level ?? undefined;
  const pathway = form.values.pathway ?? view.pathway ?? "other";
  return html`${head(app, t("Notify the hospital"))}<main id="work" tabindex="-1">
    ${view.notice ? state(view.notice) : nothing}
    <p class="clab">${t("How ill")}</p>${chips(LEVELS, level, (value) => form.set({ level: value }), t("How ill"))}
    <p class="clab">${t("What for")}</p>${chips(offered(pathway), pathway, (value) => form.set({ pathway: value }), t("What for"))}
    <section class="card"><header><h2>${t("Goes along")}</h2></header>${along(app)}</section>
    <label class="clab" for="notice-text">${t("A word to the team (optional)")}</label>
    <textarea id="notice-text" class="cin" rows="2" .value=${form.values.text ?? ""} @input=${(event) => form.set({ text: event.target.value })}></textarea>
  </main>${foot(sendButton(app, form, level, pathway))}`;
}

const state = (sent) => html`<p class="csub">${sent.acknowledgedBy ? html`<b class="ok inline">${pic("check")}${t("Taken by {name} {time}", { name: sent.acknowledgedBy, time: clock(sent.acknowledgedAt) })}</b>`
  : html`<b class="me inline">${shape("me")}${sent.pending ? t("Not sent yet") : t("Sent {time}, not confirmed yet", { time: clock(sent.at) })}</b>`}
  ${sent.escalated ? html` <b class="hi inline">${shape("hi")}${t("Nobody confirmed: dispatch was told")}</b>` : nothing}</p>`;

function along(app) {
  const { view } = app;
  const found = newest(view.vitals);
  const values = Object.fromEntries(Object.entries(found).filter(([, one]) => one.value !== null).map(([id, one]) => [id, one.value]));
  const score = news2(values, { age: app.age });
  const numbers = Object.entries(values).filter(([id]) => fieldOf(id)).map(([id, value]) => html`<span class="nw ${priority(id, value)}">${shape(priority(id, value))} ${NAMES[id]} ${show(id, value)}</span> `);
  const line = (name, words) => html`<div class="line"><span>${name}</span><span>${words}</span></div>`;
  return html`${line(t("Patient"), `${who(view.patient)} · ${view.patient.name ?? t("Unknown person")}`)}
    ${line(t("Vitals"), numbers.length ? html`${numbers}${score.total === undefined ? nothing : html`<b>NEWS2 ${score.total}</b>`}` : t("none yet"))}
    ${line(t("ECG"), view.ecgs.length ? clock(view.ecgs.at(-1).at) : app.frames.heard ? t("live") : t("none yet"))}
    ${line(t("Given"), view.medications.length ? view.medications.map((each) => `${each.text} ${each.dose ?? ""} ${each.unit ?? ""}`.trim()).join(" · ") : t("nothing"))}`;
}

function sendButton(app, form, level, pathway) {
  const option = chosenOption(app);
  const again = Boolean(app.view.notice);
  const title = !option ? t("No hospital yet") : again ? t("Send again") : t("Send to {name}", { name: option.name });
  const text = !option ? t("Choose a destination first") : !level ? t("Choose how ill the patient is") : destinationWords(app);
  return big({
    picture: "send", title, text, disabled: !level && Boolean(option), act: async () => {
      if (!option) return app.go("destination");
      const facts = [];
      if (!app.view.destination) facts.push(["destination", { hospital: option.id, name: option.name, chosen_rank: 1 }]);
      facts.push(["notice", { level, pathway, ...(form.values.text ? { text: form.values.text } : {}) }]);
      await app.record(facts, { words: t("Notice sent to {name}", { name: option.name }) });
      await form.discard();
      return app.go("main");
    },
  });
}
