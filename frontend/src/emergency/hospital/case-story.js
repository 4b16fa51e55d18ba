// The story: what happened, when, by whom, and which target each step met.
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { clock, span } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { pic, shape } from "./pictures.js";
import { SOURCE, said } from "./words.js";

const KEY = new Set(["fmc", "ecg_done", "ecg_read", "cathlab_called", "wire_cross", "lysis_start", "arrive_door", "handover"]);

export function story(state) {
  const lines = state.timeline.filter((line) => !line.superseded);
  const sets = state.vitals.length;
  return html`<section class="card" aria-labelledby="story"><header><h2 id="story">${t("Story")}</h2>${sets ? html`<span class="end two small">${t("{n} sets of vital signs", { n: sets })}</span>` : nothing}</header>
    <ol class="tl2">${repeat(lines, (line) => line.id, (line) => entry(state, line))}${expected(state)}</ol></section>`;
}

function entry(state, line) {
  const reached = line.point ? state.targets.filter((target) => target.to === line.point && (target.state === "met" || target.state === "missed") && target.minutes !== null && target.limit_min) : [];
  const by = [line.by, SOURCE[line.source]].filter(Boolean).join(" · ");
  return html`<li class="${line.point && KEY.has(line.point) ? "key2" : ""} ${line.cancelled ? "gone" : ""}"><time datetime=${line.at}>${clock(line.at, "seconds")}</time><div>
    <b>${said(line.title)}</b>${line.cancelled ? html` <span class="tag">${t("taken back")}</span>` : nothing}
    ${line.detail ? html`<span class="d">${said(line.detail)}</span>` : nothing}<small>${by}</small>
    ${reached.map((target) => html`<small class="${target.state === "met" ? "ok-c" : "me-c"}">${target.state === "met" ? pic("check", "s") : shape("medium")}
      ${said(target.name)} ${span(target.minutes * 60)} · ${target.state === "met" ? t("met") : t("missed")} ${target.target}${target.status === "memory" ? html` · ${t("target unverified")}` : nothing}</small>`)}</div></li>`;
}

function expected(state) {
  if (!state.destination?.eta_at || state.times.arrive_door) return nothing;
  return html`<li class="next"><time>${clock(state.destination.eta_at)}</time><div><b>${t("Expected here")}</b><small>${said(state.destination.name)}</small></div></li>`;
}
