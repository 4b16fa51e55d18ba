// The main screen: what now for this patient.
import { html, nothing } from "lit-html";
import { age, clock, now, span } from "../../../web/clock.js";
import { t } from "../../../web/i18n.js";
import { levelChip, pic, shape, spark } from "../pictures.js";
import { nextStep } from "../steps.js";
import { next, reached } from "../targets.js";
import { ABSENT, NAMES, RISK, direction, fieldOf, newest, news2, priority, seriesOf, show } from "../vitals.js";
import { POINT, STEP, size, who } from "../words.js";
import { destinationCard, destinationWords } from "./destination.js";
import { historyCard } from "./history.js";
import { big, foot, longPress, syncMark } from "./parts.js";
import { timeline } from "./timeline.js";

export function main(app) {
  const { view } = app;
  if (!view) return waitingForCall(app);
  return html`${top(app)}<main id="work" tabindex="-1"><h1 class="vh">${t("This patient now")}</h1>
    ${app.mark.state === "offline" && app.mark.count ? offlineBar(app) : nothing}
    ${messageBar(app)}
    ${clocks(app)}
    ${tiles(app)}
    ${app.frames.heard ? strip(app) : nothing}
    ${acts(app)}
    <div class="cols"><div>${historyCard(app)}${destinationCard(app)}${app.view.notice ? noticeBar(app) : nothing}</div>
    <div class="wide card"><header><h2>${t("This case")}</h2></header>${timeline(app)}</div></div>
  </main>${foot(app.view.notice ? nothing : noticeBar(app), bigStep(app))}`;
}

function top(app) {
  const { view, me } = app;
  const name = view.patient.name ?? (view.patient.unknown ? t("Unknown person") : t("Who is it? Tap"));
  return html`<header class="chead">${levelChip(view.level)}<button class="whoid" @click=${() => app.go("identity")}>
    <b>${who(view.patient)} · ${app.title}</b><span>${name} · ${me.unitName ?? t("No unit")}</span></button>
    ${syncMark(app)}<button class="ico" aria-label=${t("More")} @click=${() => app.float("more")}>${pic("more")}</button></header>`;
}

function waitingForCall(app) {
  const { me } = app;
  return html`<header class="chead"><span class="lv none">–</span><span class="whoid"><b>${me.unitName ?? t("No unit")}</b><span>${me.name}</span></span>
    ${syncMark(app)}<button class="ico" aria-label=${t("More")} @click=${() => app.float("more")}>${pic("more")}</button></header>
    <main id="work" tabindex="-1"><section class="empty">${pic("ambulance", "xl")}<h1>${t("No call for you now")}</h1>
    <p>${me.unit ? t("A new call appears here by itself, loud, and can be accepted with one touch.") : t("You have no shift on an ambulance. Choose your unit to receive calls.")}</p>
    ${me.unit ? nothing : html`<button class="btn go wide100" @click=${() => app.float("shift")}>${pic("ambulance")}<span>${t("Choose my ambulance")}</span></button>`}
    ${me.unit ? waking(app) : nothing}</section></main>`;
}

// Whether a call reaches this device with the page closed; where it does not, how to make it so.
function waking(app) {
  const words = {
    on: t("A call wakes this device even with the page closed."),
    blocked: t("Notifications are blocked in this browser's settings: keep this page open to hear calls."),
    none: t("This browser cannot be woken by a call: keep this page open."),
    failed: t("This device could not be signed up to be woken: {why}", { why: app.wakeProblem ?? "" }),
  }[app.waking];
  return html`${words ? html`<p class="mute" id="waking" data-state=${app.waking}>${words}</p>` : nothing}
    ${["off", "failed"].includes(app.waking) ? html`<button class="btn wide100" id="wake" @click=${() => app.wake()}>${pic("bell")}<span>${t("Wake this device for a call")}</span></button>` : nothing}`;
}

function clocks(app) {
  const { view } = app;
  const at = now();
  const since = (iso) => (iso ? span((at - Date.parse(iso)) / 1000) : "—");
  const target = next(view, at);
  const last = reached(view, at);
  return html`<section class="clocks" aria-label=${t("Clocks")}>
    <div><small>${t("Since call")}</small><b>${since(view.callAt)}</b></div>
    <div><small>${t("Since contact")}</small><b>${since(view.times.fmc)}</b></div>
    ${target ? due(target) : html`<div class="due"><small><span>${t("No target running")}</span></small><b>—</b></div>`}
    <div class="wide">${last ? html`<small>${last.label}</small><b class=${last.met ? "ok" : "me"}>${last.met ? pic("check") : shape("me")}
      ${span(last.spent)} ${last.met ? t("met") : t("missed")}</b>` : html`<small>${t("Targets met")}</small><b>—</b>`}</div></section>`;
}

function due(target) {
  const over = target.left < 0;
  const tight = !over && target.used > 0.8;
  const words = over ? t("{time} over", { time: span(-target.left) }) : t("{time} left", { time: span(target.left) });
  return html`<div class="due ${over ? "f-me" : ""}"><small><span>${target.label}</span><span>${t("by {time}", { time: clock(target.due) })}</span></small>
    <b class=${over ? "me" : ""}>${over ? shape("me") : nothing}${words}</b>
    <div class="bar ${over || tight ? "me" : "br"}"><i .style=${`width:${Math.min(100, target.used * 100)}%`}></i></div></div>`;
}

const TILES = ["hr", "bp", "spo2", "rr"];

function tiles(app) {
  const found = newest(app.view.vitals);
  const values = Object.fromEntries(Object.entries(found).map(([id, each]) => [id, each.value]).filter(([, value]) => value !== null));
  const score = news2({ ...values, absent: Object.fromEntries(Object.entries(found).filter(([, each]) => each.absent).map(([id, each]) => [id, each.absent])) }, { age: app.age });
  return html`<section class="card vit" aria-label=${t("Vital signs")}>${TILES.map((id) => tile(app, id, found))}${scoreLine(app, score, values)}</section>`;
}

function tile(app, id, found) {
  const lead = id === "bp" ? "sbp" : id;
  const one = found[lead];
  const field = fieldOf(lead);
  const level = one ? priority(lead, one.value) : "";
  const older = one ? age(one.at, one.source === "device" ? 30 : 150) : null;
  const text = !one ? "—" : one.absent ? "—" : id === "bp" ? `${show("sbp", one.value)}/${show("dbp", found.dbp?.value)}` : show(id, one.value);
  const word = !one ? t("not taken") : one.absent ? ABSENT[one.absent] : direction(lead, one.value) || t("normal");
  const press = longPress(() => app.float("vital", { id: lead }));
  const label = `${NAMES[id]} ${text} ${field.unit}, ${word}${older ? `, ${older.text}` : ""}`;
  return html`<button class="v ${level ? `f-${level}` : ""} ${older?.stale ? "stale" : ""}" aria-label=${label} @pointerdown=${press.down} @pointerup=${press.up} @pointerleave=${press.up}
    @contextmenu=${(event) => event.preventDefault()} @click=${(event) => press.click(event, () => app.go("vitals"))}>
    <span class="n"><span><b>${NAMES[id]}</b> <span class="u">${field.unit}</span></span><small>${one?.pending ? t("waiting") : older ? older.text : ""}</small></span>
    <span class="x">${text}</span><span class="w ${level || "mute"}">${shape(level)}<span>${word}</span></span>
    ${spark(seriesOf(app.view.vitals, lead).slice(-60), field.low, field.high)}</button>`;
}

function scoreLine(app, score, values) {
  const why = score.parts ? Object.entries(score.parts).filter(([, points]) => points > 0).sort((a, b) => b[1] - a[1]).slice(0, 4)
    .map(([id]) => html`<span class="nw">${NAMES[id] ?? id}${typeof values[id] === "number" ? ` ${show(id, values[id])}` : typeof values[id] === "string" ? ` ${values[id]}` : ""}</span>`) : [];
  const missing = score.missing?.map((id) => NAMES[id] ?? id).join(" · ");
  const [css, word] = RISK[score.risk] ?? ["", ""];
  return html`<button class="news" @click=${() => app.go("vitals")}><span class="t"><span>NEWS2</span><b>${score.total ?? "—"}</b>
    ${score.total === undefined ? html`<i class="mute">${score.not_applicable ? t("not for this patient") : t("incomplete")}</i>` : html`<i class=${css}>${shape(css)}<span>${word}</span></i>`}</span>
    <span class="why">${missing ? t("Missing: {names}", { names: missing }) : score.not_applicable ? t("16 years and older only") : why}</span>${pic("right")}</button>`;
}

function strip(app) {
  return html`<button class="trace wide" aria-label=${t("Live ECG")} @click=${() => app.go("ecg")}>${app.frames.strip}
    <span class="t">${t("Lead {lead} · 25 mm/s · 10 mm/mV", { lead: "II" })}</span><span class="a">${t("live from the monitor")}</span></button>`;
}

function acts(app) {
  const { view } = app;
  const ecg = view.ecgs.at(-1);
  const gcs = view.assessments.find((each) => each.rule === "gcs")?.result;
  const button = (picture, name, small, view_, css = "") => html`<button @click=${() => app.go(view_)}>${pic(picture)}<span>${name}</span><small class=${css}>${small}</small></button>`;
  const sent = ecg ? (ecg.pending ? t("unsent {time}", { time: clock(ecg.at) }) : t("sent {time}", { time: clock(ecg.at) })) : app.frames.heard ? t("live") : t("none yet");
  return html`<section class="cacts" aria-label=${t("Record")}>
    ${button("pulse", t("12-lead"), sent, "ecg", ecg?.pending ? "me" : "")}
    ${button("pill", t("Drugs"), t("{n} given", { n: view.medications.length }), "drugs")}
    ${button("scores", t("Scores"), gcs?.total ? `GCS ${gcs.total}` : t("{n} done", { n: view.assessments.length }), "scores")}
    ${button("camera", t("Photo"), t("{n} kept", { n: view.photos.length + view.notes.length }), "notes")}</section>`;
}

/** What the hospital does not have yet, and what can be done about it: the telephone. */
function offlineBar(app) {
  const waiting = app.outbox.waiting.slice(-4);
  const ecg = waiting.some((item) => item.fact.kind === "ecg");
  const notice = waiting.some((item) => item.fact.kind === "notice");
  const title = notice ? t("The hospital has not had your notice") : ecg ? t("The hospital does not have the ECG yet") : t("{n} items wait for the network", { n: app.mark.count });
  const phone = app.view.destination?.phone;
  return html`<section class="coffbar" role="status"><h2>${shape("me")}<span>${title}</span></h2>
    <ul>${waiting.map((item) => html`<li><time>${clock(item.fact.at)}</time><span>${factWords(item.fact)}</span><span>${size(item.size)}</span></li>`)}</ul>
    <p class="mute">${app.outbox.unkept ? t("The device's disk is full: part of this is only in memory. Do not close the page.") : t("All kept on this device. Sent once when the network returns.")}</p>
    ${phone ? html`<a class="btn" href="tel:${phone}">${pic("phone")}<span>${t("Call {name}", { name: app.view.destination.name })}</span></a>` : nothing}</section>`;
}

/** One fact in words, for the lists of what waits. */
export function factWords({ kind, data }) {
  switch (kind) {
    case "time": return POINT[data.point] ?? data.point;
    case "vitals": return t("Vitals, {n} values", { n: Object.keys(data).filter((key) => key !== "absent").length });
    case "medication": return `${data.text} ${data.dose ?? ""} ${data.unit ?? ""}`.trim();
    case "ecg": return t("12-lead ECG");
    case "photo": return t("Photo");
    case "note": return t("Note: {text}", { text: data.text.slice(0, 40) });
    case "identity": return t("Identity");
    case "assessment": return t("Score {rule}", { rule: data.rule.toUpperCase() });
    case "destination": return t("Destination {name}", { name: data.name ?? "" });
    case "notice": return t("Notice to the hospital");
    case "message": return t("Message: {text}", { text: data.text.slice(0, 40) });
    case "undo": return t("Undo");
    case "state": return t("Unit's state");
    case "handover": return t("Handover");
    default: return kind;
  }
}

function messageBar(app) {
  const last = app.view.messages.filter((message) => !message.mine && !message.read).at(-1);
  if (!last) return nothing;
  return html`<button class="msgbar" @click=${() => app.go("messages")}>${pic("message")}<span><b>${last.from ?? t("Message")}</b><span>${last.text}</span></span>
    <time>${clock(last.at)}</time></button>`;
}

function noticeBar(app) {
  const { view } = app;
  if (!view.times.fmc && !view.notice) return nothing;
  const { notice } = view;
  if (!notice) {
    return html`<button class="card tell" @click=${() => app.go("notice")}>${pic("bell")}<span><b>${t("Notify the hospital")}</b>
      <span>${destinationWords(app) || t("level, reason and findings are filled in")}</span></span>${pic("right")}</button>`;
  }
  const state = notice.acknowledgedBy ? t("Taken by {name} {time}", { name: notice.acknowledgedBy, time: clock(notice.acknowledgedAt) })
    : notice.pending ? t("Not sent yet") : t("Sent {time}, not confirmed yet", { time: clock(notice.at) });
  return html`<button class="card tell sent" @click=${() => app.go("notice")}><span class=${notice.acknowledgedBy ? "ok" : "me"}>${notice.acknowledgedBy ? pic("check") : shape("me")}</span>
    <span><b>${t("Notice to the hospital")}</b><span>${state}</span></span>${pic("right")}</button>`;
}

function bigStep(app) {
  const step = nextStep(app.view);
  if (!step) return big({ title: t("This case is over"), text: t("What you recorded is with the hospital."), picture: "check", act: () => app.close(), disabled: app.mark.count > 0 });
  const [title, , picture] = STEP[step.id];
  const where = { depart: app.view.address, "at-scene": app.view.address, leave: destinationWords(app), arrived: destinationWords(app) }[step.id] ?? "";
  return big({ title, text: where, picture, arrow: true, act: () => app.step(step) });
}

