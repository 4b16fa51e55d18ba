// The vital signs as they stand: large numbers, their age, their alarm, their curve; NEWS2 with what drove it.
import { html, nothing } from "lit-html";
import { ageText, now } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { CSS, shape, spark } from "./pictures.js";
import { ABSENT } from "./words.js";
import { curve, direction, newest, newsWords, signOf, SIGNS, stand } from "./vitals.js";

const ALWAYS = ["hr", "bp", "spo2", "rr", "temp"];

export function strip(state) {
  const found = newest(state.vitals);
  const more = SIGNS.filter((sign) => !ALWAYS.includes(sign.id) && found[sign.fields[0]]);
  return html`<section class="card vt2" data-tiles=${ALWAYS.length + 1 + more.length} aria-label=${t("Vital signs")}>${ALWAYS.map((id) => tile(state, signOf(id), found))}${news(state, found)}
    ${more.map((sign) => tile(state, sign, found))}</section>`;
}

function tile(state, sign, found) {
  const value = stand(sign, found);
  const word = value.alarm ? direction(sign, found) : "";
  return html`<div class="${value.alarm ? `f-${CSS[value.alarm]}` : ""} ${value.stale ? "stale" : ""}" data-sign=${sign.id}>
    <div class="l"><span><b>${sign.label}</b> ${sign.unit}</span>${value.alarm ? html`<span class="w">${shape(value.alarm)} ${word}</span>` : nothing}</div>
    <div class="n">${value.text}</div>${spark(curve(sign, state.vitals), sign.low, sign.high)}
    <div class="age">${value.absent ? ABSENT[value.absent] : value.at ? ageText((now() - Date.parse(value.at)) / 1000) : value.why}${value.unlikely ? html` · <b class="me-c">${t("unlikely: check")}</b>` : nothing}</div></div>`;
}

function news(state, found) {
  const words = newsWords(state.news2);
  const level = found.consciousness ? html` · ${t("AVPU {level}", { level: found.consciousness.value })}` : nothing;
  const air = found.o2 ? html` · ${found.o2.value ? t("oxygen") : t("room air")}` : nothing;
  if (!words) return html`<div><div class="l"><b>NEWS2</b></div><div class="n">—</div><div class="age">${state.patient.age !== null && state.patient.age < 16 ? t("for 16 years and older") : t("no vital signs yet")}${level}${air}</div></div>`;
  return html`<div class=${words.alarm ? `f-${CSS[words.alarm]}` : ""} data-sign="news2"><div class="l"><b>NEWS2</b>${words.alarm ? html`<span class="w">${shape(words.alarm)}</span>` : nothing}</div>
    <div class="n">${words.total ?? "—"}</div><div class="nw2"><b>${words.risk ?? t("incomplete")}</b> <span>${words.detail}${level}${air}</span></div></div>`;
}
