// Below the map: every unit by what it does; above the desk: the tallies.
import { html, nothing } from "lit-html";
import { now } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { glyph, mark } from "./parts.js";
import { GROUPS, groupOf, unitName, STATE } from "./words.js";

export function grouped(units) {
  const by = new Map(GROUPS.map((group) => [group.id, []]));
  for (const unit of units) by.get(groupOf(unit)).push(unit);
  for (const list of by.values()) list.sort((a, b) => Number(a.kind === "BLS") - Number(b.kind === "BLS") || a.number.localeCompare(b.number));
  return by;
}

export const silentMinutes = (unit) => Math.max(1, Math.floor((now() - Date.parse(unit.silent_since ?? unit.position?.at ?? unit.state_at)) / 60000));

function button(desk, unit) {
  const css = [unit.kind === "BLS" ? "bls" : "", unit.silent ? "silent" : "", desk.board.picked?.unit === unit.id && desk.board.view?.status === "waiting" ? "pick" : ""].join(" ");
  const state = unit.silent ? t("silent for {n} min", { n: silentMinutes(unit) }) : STATE[unit.state];
  return html`<button class=${css} data-unit=${unit.id} title=${`${unitName(unit.number)} · ${unit.kind} · ${state}`}
    @click=${() => desk.showUnit(unit)}>${unit.number}${unit.silent ? html` <span>${t("{n} min", { n: silentMinutes(unit) })}</span>` : nothing}</button>`;
}

export function strip(desk) {
  const by = grouped(desk.board.units.values());
  return GROUPS.filter((group) => by.get(group.id).length || !["silent", "off"].includes(group.id)).map((group) => {
    const units = by.get(group.id);
    const als = units.filter((unit) => unit.kind === "ALS").length;
    return html`<div data-group=${group.id}><div class="sec">${mark(glyph(group.id))}${group.name} <b>${units.length}</b>
      ${group.id === "free" ? html`<span class="wide">${t("ALS {a} · BLS {b}", { a: als, b: units.length - als })}</span>` : nothing}</div>
      <div class="us">${units.map((unit) => button(desk, unit))}</div></div>`;
  });
}

export function tallies({ board }) {
  const by = grouped(board.units.values());
  const off = by.get("off").length;
  return html`<span>${t("Waiting")} <b>${board.calls.length}</b></span><span>${t("In progress")} <b>${board.active.length}</b></span>
    <span>${t("Units free")} <b>${by.get("free").length}</b> / ${board.units.size - off}</span>`;
}
