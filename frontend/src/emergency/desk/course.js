// A case with a unit: has the crew answered, where is it, where to, what was said, and how to recall it.
import { html, nothing } from "lit-html";
import { clock, now, span } from "../../web/clock.js";
import { icon } from "../../web/icons.js";
import { t } from "../../web/i18n.js";
import { UNANSWERED_S } from "./board.js";
import { mark, tri } from "./parts.js";
import { KIND, POINT, STATE, TASK, said, unitName } from "./words.js";

const RECALLABLE = ["dispatched", "en_route", "at_scene"];
const since = (iso) => Math.max(0, (now() - Date.parse(iso)) / 1000);

function prompt(desk, view, unit) {
  const asked = desk.board.unanswered(view);
  if (asked === null || asked < UNANSWERED_S) return nothing;
  return html`<div class="alarm prompt" role="alert"><span class="pri">${tri(2)}<span>${t("soon")}</span></span><div class="grow"><b>${t("{unit} has not answered for {time}", { unit: unitName(unit.number), time: span(asked) })}</b>
    <div class="row wrap"><span class="two">${t("Call it by radio, or recall it and send the next.")}</span><button class="btn" id="next-unit" @click=${() => desk.recallAndNext()}>${t("Recall, choose the next")} <kbd>R</kbd></button></div></div></div>`;
}

function silent(unit) {
  if (!unit?.silent) return nothing;
  return html`<div class="alarm prompt" role="alert"><span class="pri">${tri(2)}<span>${t("soon")}</span></span><div class="grow"><b>${t("{unit} silent for {n} min", { unit: unitName(unit.number), n: Math.floor(since(unit.silent_since) / 60) })}</b> <span class="two">${t("Last position {time}. Call it by radio.", { time: unit.position ? clock(unit.position.at, "seconds") : "—" })}</span></div></div>`;
}

function diverted(view) {
  if (!view.destination?.diverted) return nothing;
  return html`<div class="alarm prompt" role="alert"><span class="pri">${tri(2)}<span>${t("soon")}</span></span><div class="grow"><b>${t("{hospital} diverts patients now", { hospital: said(view.destination.name) })}</b> <span class="two">${t("The crew is asked to choose again.")}</span></div></div>`;
}

function unacknowledged(view) {
  if (!view.notice || view.notice.acknowledged) return nothing;
  return html`<p class="none me-c">${mark(icon("bell", "s"))} ${t("The hospital was told {time}; nobody has confirmed yet.", { time: clock(view.notice.at, "seconds") })}${view.notice.escalated_at ? ` ${t("Escalated {time}.", { time: clock(view.notice.escalated_at, "seconds") })}` : ""}</p>`;
}

function where(desk, view, unit) {
  const { destination } = view;
  const eta = desk.board.row(view.id)?.eta_at ?? destination?.eta_at;
  const rest = eta ? (Date.parse(eta) - now()) / 1000 : null;
  return html`<dl class="kv course"><dt>${t("Unit")}</dt><dd><b>${unitName(unit.number)}</b> <span class="tag line">${KIND[unit.kind] ?? unit.kind}</span> ${STATE[unit.state] ?? unit.state}${unit.crew ? html` · ${unit.crew}` : nothing}
      ${view.task ? html`<br><span class="two">${TASK[view.task.status] ?? view.task.status} ${clock(view.task.at, "seconds")}</span>` : nothing}</dd>
    ${destination ? html`<dt>${t("To")}</dt><dd><b>${said(destination.name)}</b>${destination.override_reason ? html`<br><span class="two">${t("chosen because: {reason}", { reason: destination.override_reason })}</span>` : nothing}</dd>` : nothing}
    ${rest === null ? nothing : html`<dt>${t("Arrives")}</dt><dd><b class="num">${clock(eta)}</b> · ${rest < 30 ? t("now") : t("in {n} min", { n: Math.max(1, Math.round(rest / 60)) })}${destination?.straight ? html` <span class="two">(${t("straight line, not by road")})</span>` : nothing}</dd>`}
    ${view.notice?.acknowledged ? html`<dt>${t("Hospital")}</dt><dd>${t("confirmed by {name} {time}", { name: view.notice.acknowledged.by, time: clock(view.notice.acknowledged.at) })}</dd>` : nothing}
    ${view.news2?.total !== undefined && view.news2 !== null ? html`<dt>NEWS2</dt><dd><b>${view.news2.total}</b> ${said(view.news2.risk)}</dd>` : nothing}</dl>`;
}

function times(view) {
  const titles = Object.fromEntries((view.timeline ?? []).filter((line) => line.point).map((line) => [line.point, said(line.title)]));
  const set = Object.entries(view.times ?? {}).filter(([, entry]) => entry?.at).sort(([, a], [, b]) => Date.parse(a.at) - Date.parse(b.at));
  return html`<div class="sec qhead">${t("Times")}</div><ol class="times">${set.map(([point, entry]) => html`<li><time class="num">${clock(entry.at, "seconds")}</time><span>${titles[point] ?? POINT[point] ?? point}</span><span class="two small">${entry.by ?? ""}</span></li>`)}</ol>`;
}

function messages(desk, view) {
  const { acts } = desk;
  const send = async (event) => {
    event.preventDefault();
    const box = event.target.querySelector("input");
    if (box.value.trim() && (await acts.message(view.id, box.value.trim()))) box.value = "";
  };
  return html`<div class="sec qhead">${t("Messages")}</div>${view.messages?.length ? html`<ol class="talk">${view.messages.map((each) => html`<li><span class="two small">${clock(each.at, "seconds")} ${said(each.from)} → ${said(each.to)}</span><br>${each.text}</li>`)}</ol>` : html`<p class="none two">${t("Nothing was said yet.")}</p>`}
    ${view.status === "closed" ? nothing : html`<form class="row saybox" @submit=${send}><input class="inp sm grow" id="message" autocomplete="off" aria-label=${t("Message to the crew")} placeholder=${t("Message to the crew")}><button class="btn">${mark(icon("send", "s"))}${t("Send")}</button></form>`}`;
}

function recall(desk, view, unit) {
  if (!view.task || !RECALLABLE.includes(unit.state) || view.status === "closed") return nothing;
  if (!desk.recalling) return html`<button type="button" class="btn stop" id="recall" @click=${() => { desk.recalling = { reason: "" }; desk.draw(); desk.focusSoon("recall-reason"); }}>${t("Recall unit {n}", { n: unit.number })}</button>`;
  return html`<form class="row whole" @submit=${(event) => { event.preventDefault(); desk.recallNow(); }}><input class="inp sm grow" id="recall-reason" autocomplete="off" aria-label=${t("Why recall")} placeholder=${t("Why recall?")} .value=${desk.recalling.reason} @input=${(event) => { desk.recalling.reason = event.target.value; desk.draw(); }}>
    <button class="btn stop" ?disabled=${!desk.recalling.reason.trim()}>${t("Recall")}</button><button type="button" class="btn bare" @click=${() => { desk.recalling = null; desk.draw(); }}>${t("Back")}</button></form>`;
}

export function course(desk, view) {
  const unit = view.unit ? { ...view.unit, ...desk.board.units.get(view.unit.id) } : null;
  return html`${unit ? html`${prompt(desk, view, unit)}${silent(unit)}` : nothing}${diverted(view)}${unacknowledged(view)}${unit ? where(desk, view, unit) : nothing}
    ${times(view)}${messages(desk, view)}<div class="row wrap foot2">${unit ? recall(desk, view, unit) : nothing}<a class="btn bare" href="/emergency/review/${view.id}">${mark(icon("timeline-event", "s"))}${t("Timeline")}</a></div>`;
}
