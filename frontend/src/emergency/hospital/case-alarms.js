// What must be seen before all else: standing alarms, a patient whom nobody took, a diversion, a moved identity.
import { html, nothing } from "lit-html";
import { clock, now, span } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { post } from "../../web/api.js";
import { pic, shape } from "./pictures.js";
import { said } from "./words.js";

const WORD = { high: t("Act now"), medium: t("Act soon"), low: t("Be aware") };

const band = (priority, words, act = nothing, role = "status") => html`<div class="alarm ${priority === "medium" ? "" : priority}" role=${role}>
  <span class="pri">${shape(priority)}${WORD[priority]}</span><span class="grow">${words}</span>${act}</div>`;

export function alarmBars(page, state) {
  return html`<div class="bars" ?hidden=${!shown(page, state)}>
    ${untaken(page, state)}${state.alarms.filter((each) => !each.acknowledged && !(each.kind === "critical" && !state.notice?.acknowledged)).map((each) => standing(page, each))}
    ${elsewhere(page, state)}${state.destination?.diverted ? band("medium", t("The hospital diverts: dispatch and crew are asked to choose anew.")) : nothing}
    ${page.moved.map((each) => moved(page, each))}
    ${state.parked ? band("low", t("{n} facts of the crew wait for a decision at dispatch.", { n: state.parked })) : nothing}</div>`;
}

const shown = (page, state) => Boolean(page.moved.length || state.parked || state.destination?.diverted || (page.treats && state.notice && !state.notice.acknowledged)
  || state.alarms.some((each) => !each.acknowledged) || isElsewhere(page, state));

const isElsewhere = (page, state) => Boolean(page.hospital && state.destination?.hospital && state.destination.hospital !== page.hospital);

const elsewhere = (page, state) => (isElsewhere(page, state) ? band("medium", t("This patient goes to {hospital} now.", { hospital: said(state.destination.name) })) : nothing);

function untaken(page, state) {
  if (!page.treats || !state.notice || state.notice.acknowledged || isElsewhere(page, state)) return nothing;
  const waited = span((now() - Date.parse(state.notice.at)) / 1000);
  const take = () => page.acts.run("take", {
    send: () => page.send("acknowledge"),
    overlay: (copy) => { copy.notice.acknowledged = { by: t("You"), at: new Date(now()).toISOString(), pending: true }; },
  });
  return band(state.level === 1 ? "high" : "medium", t("Taken by nobody for {time}.", { time: waited }),
    html`<button class="btn ${state.level === 1 ? "alarm" : "go"}" @click=${take} ?disabled=${page.acts.waits("take")}>${t("I take this patient")}</button>`);
}

function standing(page, each) {
  const take = () => page.acts.run(`alarm/${each.id}`, {
    send: () => post(`/api/emergency/alarms/${each.id}/acknowledge`),
    overlay: (copy) => { copy.alarms.find((one) => one.id === each.id).acknowledged = { by: t("You"), at: each.at }; },
  });
  return band(each.priority, html`${said(each.text)} <span class="age">${clock(each.at)}</span>`,
    page.treats ? html`<button class="btn" @click=${take}>${pic("check")}<span>${t("Seen")}</span></button>` : nothing, each.priority === "high" ? "alert" : "status");
}

function moved(page, each) {
  const seen = () => { page.moved = page.moved.filter((one) => one !== each); page.draw(); };
  return band("low", html`${each.words} <span class="age">${clock(each.at)}</span>`, html`<button class="btn" @click=${seen}>${pic("check")}<span>${t("Seen")}</span></button>`);
}
