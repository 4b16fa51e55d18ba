// The bar on top: the most urgent alarm that nobody has taken, with how to take it; and what the line is doing.
import { html, nothing } from "lit-html";
import { clock } from "../../web/clock.js";
import { icon } from "../../web/icons.js";
import { t, tn } from "../../web/i18n.js";
import { PRIORITY, mark, tri } from "./parts.js";
import { said } from "./words.js";

const WORD = { high: t("at once"), medium: t("soon"), low: t("be aware") };

function open(desk, alarm, more) {
  const { acts } = desk;
  const css = { high: "high", medium: "", low: "low" }[alarm.priority];
  return html`<div class="alarm ${css}" role="alert" data-alarm=${alarm.id}><span class="pri">${tri(PRIORITY[alarm.priority])}<span>${WORD[alarm.priority]}</span></span>
    <div class="grow cut"><b>${said(alarm.text)}</b> <span class="two">· ${clock(alarm.at, "seconds")}</span>${more ? html` <span class="tag">${tn("{n} more alarm", "{n} more alarms", more)}</span>` : nothing}</div>
    ${alarm.case ? html`<button class="btn" @click=${() => desk.open(alarm.case, { pinned: true })}>${mark(icon("target", "s"))}${t("Show the case")} <kbd>C</kbd></button>` : nothing}
    <button class="btn" id="ack" @click=${() => acts.acknowledge(alarm)}>${t("Acknowledge")} <kbd>A</kbd></button></div>`;
}

function taken(alarm) {
  return html`<div class="alarm taken" data-alarm=${alarm.id}><span class="pri">${mark(icon("check", "s"))}<span>${t("taken")}</span></span>
    <div class="grow cut">${said(alarm.text)} <span class="two">· ${t("taken by {name} {time}", { name: alarm.acknowledged.by, time: clock(alarm.acknowledged.at) })}</span></div></div>`;
}

function lineLost(desk) {
  const { board, radio } = desk;
  if (!board.offline) return nothing;
  return html`<div class="offbar" role="status">${mark(icon("wifi-off"))}<p><b>${board.lostAt ? t("No line since {time}.", { time: clock(board.lostAt, "seconds") }) : t("No line.")}</b>
    ${t("Positions and times are from before. Send units by radio: what you do is kept here and logged when the line is back.")} ${radio.waiting.length ? tn("{n} act to log.", "{n} acts to log.", radio.waiting.length) : ""}</p></div>`;
}

function broken(desk) {
  const { board } = desk;
  if (!board.problem || board.offline || board.at === 0) return nothing;
  return html`<div class="offbar" role="status">${mark(icon("alert-triangle"))}<p><b>${t("The board could not be read anew.")}</b> ${board.problem} ${t("What you see is of {time}; it is asked for again by itself.", { time: clock(board.at, "seconds") })}</p>
    <button class="btn tiny" @click=${() => board.load()}>${mark(icon("refresh", "s"))}${t("Ask again")}</button></div>`;
}

/** Which alarms stand in the bar: every untaken high one has its own line, of the others the first. */
export function bars(desk) {
  const { board } = desk;
  const [first, ...rest] = board.open;
  const last = board.alarms.filter((alarm) => alarm.acknowledged).at(-1);
  return html`${lineLost(desk)}${broken(desk)}${first ? open(desk, first, rest.length) : last ? taken(last) : nothing}`;
}
