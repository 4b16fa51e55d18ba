// The strip at the foot of the incoming board: what the hospital has, and how old each figure is.
import { html, nothing } from "lit-html";
import { ageText, clock, now } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { said } from "./words.js";

const MOST = 6;

export function ready(stock) {
  const shown = stock.state?.resources.slice(0, MOST) ?? [];
  const diverted = stock.state?.diversions ?? [];
  if (!shown.length) return html`<div class="none"><div class="l">${stock.problem ? stock.problem.message : t("No figures of beds and rooms yet.")}</div></div>${toBoard()}`;
  return html`${diverted.length ? html`<div class="div"><div class="l">${t("Diversion")}</div><div class="n me-c">${diverted.length}</div><div class="age">${diverted[0].until ? t("until {time}", { time: clock(diverted[0].until) }) : t("until further notice")}</div></div>` : nothing}
    ${shown.map((each) => html`<div class=${each.stale ? "stale" : ""}><div class="l">${said(each.name)}</div><div class="n">${figure(each)}</div>
      <div class="age">${ageText((now() - Date.parse(each.set_at)) / 1000)}</div></div>`)}${toBoard()}`;
}

const toBoard = () => html`<div class="go"><a class="btn" href="/emergency/board">${t("Update")}</a></div>`;

/** "1 / 4 free", "busy until 03:20", "closed". */
export function figure(each) {
  if (each.state === "closed") return t("Closed");
  if (each.capacity === 1 || each.free === null) return each.state === "busy" ? (each.until ? t("busy until {time}", { time: clock(each.until) }) : t("In use")) : t("Vacant");
  if (each.capacity === null) return t("{n} units", { n: each.free });
  return t("{free} of {all} free", { free: each.free, all: each.capacity });
}
