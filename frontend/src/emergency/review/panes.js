// Below the time line: where the minutes went, every time point with its source, what was said.
import { html, nothing } from "lit-html";
import { clock, span } from "../../web/clock.js";
import { icon } from "../../web/icons.js";
import { t } from "../../web/i18n.js";
import { mark, tri } from "../desk/parts.js";
import { said } from "../desk/words.js";
import { SOURCE } from "./story.js";

const FULL = 66.66; // where the target's line stands, in percent of the bar

function verdict(target) {
  const limit = target.limit_min;
  if (target.state === "met" || target.state === "missed") {
    const differ = limit === null ? null : Math.abs(limit - target.minutes);
    return html`<span class="res ${target.state}">${target.state === "met" ? mark(icon("check")) : tri(1)}<b class="num">${span(target.minutes * 60)}</b><small class="num">${differ === null ? target.target : target.state === "met" ? t("{time} to spare / {limit}", { time: span(differ * 60), limit: span(limit * 60) }) : t("{time} over / {limit}", { time: span(differ * 60), limit: span(limit * 60) })}</small></span>`;
  }
  if (target.state === "contradiction") return html`<span class="res missed">${tri(1)}<b>${t("contradiction")}</b><small>${t("the end lies before the beginning")}</small></span>`;
  if (target.minutes !== null && target.state === "measured") return html`<span class="res"><span></span><b class="num">${span(target.minutes * 60)}</b><small>${t("no target set")}</small></span>`;
  return html`<span class="res"><span></span><b class="two">—</b><small>${target.begun ? t("still open") : t("not begun")}</small></span>`;
}

function target(each) {
  const limit = each.limit_min, part = limit && each.minutes !== null ? Math.min(100, (each.minutes / limit) * FULL) : each.minutes !== null ? 50 : 0;
  return html`<div class="tr" data-target=${each.id} data-state=${each.state}><span class="nm">${said(each.name)}${each.status === "memory" ? html` <span class="tag" title=${t("This target is quoted from memory: confirm it before use.")}>${t("unverified")}</span>` : nothing}</span>
    <svg class="tbar" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true"><rect class="well" width=${FULL} height="16"/><rect class="full" y="3" height="10" width=${part}/></svg>${verdict(each)}</div>`;
}

/** Targets of this case: judged ones first, those that have not begun last and apart. */
export function targets(view) {
  const order = { missed: 0, contradiction: 0, met: 1, pending: 2, measured: 3 };
  const shown = (view.targets ?? []).filter((each) => each.minutes !== null || each.begun).sort((a, b) => order[a.state] - order[b.state]);
  const idle = (view.targets ?? []).length - shown.length;
  if (!shown.length) return html`<p class="none two">${t("No target has begun: the times are missing.")}</p>`;
  return html`<div class="tg">${shown.map((each) => overrun(each))}${idle ? html`<p class="two small none">${t("{n} targets of this pathway have no times.", { n: idle })}</p>` : nothing}</div>`;
}

/** A bar whose overrun is drawn beyond the line. */
function overrun(each) {
  const limit = each.limit_min;
  if (!limit || each.minutes === null || each.minutes <= limit) return target(each);
  const more = Math.min(100, (each.minutes / limit) * FULL) - FULL;
  return html`<div class="tr" data-target=${each.id} data-state=${each.state}><span class="nm">${said(each.name)}${each.status === "memory" ? html` <span class="tag" title=${t("This target is quoted from memory: confirm it before use.")}>${t("unverified")}</span>` : nothing}</span>
    <svg class="tbar" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true"><rect class="well" width=${FULL} height="16"/><rect class="full" y="3" height="10" width=${FULL}/><rect class="over" y="3" height="10" x=${FULL} width=${more}/></svg>${verdict(each)}</div>`;
}

/** Every time point: who set it, by what, how exact, what the clock was off. */
export function pointsTable(points, now, go) {
  if (!points.length) return html`<p class="none two">${t("No time point is recorded yet.")}</p>`;
  return html`<div class="tblw" tabindex="0" role="region" aria-label=${t("Time points")}><table class="tbl tight"><caption class="vh">${t("Time points")}</caption><thead><tr><th scope="col">${t("Time")}</th><th scope="col">${t("Point")}</th><th scope="col">${t("Source")}</th><th scope="col">${t("By")}</th><th scope="col">${t("Precision")}</th></tr></thead>
    <tbody>${points.map((point) => html`<tr class=${point.at <= now ? "" : "after"}><td><button class="link num" @click=${() => go(point.at)}>${clock(point.at, "seconds")}</button></td><td>${point.bad ? html`<span class="me-c">${tri(1)}</span> ` : nothing}${point.name}</td><td>${SOURCE[point.source] ?? point.source}</td><td>${point.by || "—"}</td>
      <td>${point.precision ? t("± {n} s", { n: Math.round(point.precision) }) : t("exact")}${point.offset ? html`<br><span class="two small">${t("clock {n} s off, corrected", { n: (point.offset / 1000).toFixed(1) })}</span>` : nothing}</td></tr>`)}</tbody></table></div>`;
}

/** What was said and done; the moment of the cursor is marked. */
export function messages(lines, now, { go, openEcg, thumbnail }) {
  if (!lines.length) return html`<p class="none two">${t("Messages, ECGs, medicines and notes of the case appear here.")}</p>`;
  const on = lines.filter((line) => line.at <= now).at(-1);
  return html`<ol class="msgs" id="messages">${lines.map((line) => html`<li class="ms ${line === on ? "on" : ""} ${line.at > now ? "after" : ""}"><button class="num link" @click=${() => go(line.at)}>${clock(line.at, "seconds")}</button>
    <div><div class="from">${line.who || "—"}</div><div class=${line.bad ? "bad" : ""}>${line.text}${line.ecg?.demonstration ? html` <span class="tag">${t("demonstration signal")}</span>` : nothing}</div>
    ${line.ecg ? html`${line.ecg.reading ? html`<div>${line.ecg.reading.by}: ${line.ecg.reading.text}</div>` : nothing}<div class="thumb"><div inert>${thumbnail(line.ecg)}</div><button class="btn tiny" @click=${() => openEcg(line.ecg)}>${mark(icon("heartbeat", "s"))}${t("Open the ECG")} <kbd>E</kbd></button></div>` : nothing}</div></li>`)}</ol>`;
}
