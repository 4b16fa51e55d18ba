// Assessments: forms made from the rules' own tables, computed as the crew types, with what is missing shown.
import { html, nothing } from "lit-html";
import { clock } from "../../../web/clock.js";
import { t } from "../../../web/i18n.js";
import { describe, evaluate, names } from "../../rules.js";
import { pic, shape } from "../pictures.js";
import { newest } from "../vitals.js";
import { big, chips, foot, head } from "./parts.js";

const CHEST = ["gcs", "heart", "killip", "shock_index", "stemi_ecg", "reperfusion"];
const FIRST = {
  stemi: CHEST, chest_pain: CHEST, stroke: ["gcs", "lams", "race", "fast_ed"],
  trauma: ["gcs", "shock_index", "rts"], paediatric: ["pews_brighton", "pgcs", "pts"],
};
const USED = ["gcs", "qsofa", "heart", "killip", "shock_index", "stemi_ecg", "reperfusion", "lams", "race", "fast_ed"];
const SHORT = { gcs: "GCS", qsofa: "qSOFA", heart: "HEART", killip: "Killip", lams: "LAMS", race: "RACE", fast_ed: "FAST-ED", rts: "RTS", pts: "PTS", pgcs: "pGCS", pews_brighton: "PEWS", mews: "MEWS", rosier: "ROSIER", cp_sss: "CP-SSS", nihss: "NIHSS", apgar: "Apgar" };

const title = (rule) => SHORT[rule] ?? t(describe(rule).title);

export function scores(app) {
  const first = FIRST[app.view.pathway] ?? [];
  const listed = [...first, ...[...USED, ...names()].filter((name) => !first.includes(name))].filter((name, i, all) => name !== "news2" && all.indexOf(name) === i);
  const done = Object.fromEntries(app.view.assessments.map((each) => [each.rule, each]));
  return html`${head(app, t("Assessments"))}<main id="work" tabindex="-1"><section class="card list">${listed.map((rule) => {
    const about = describe(rule);
    const mine = done[rule];
    return html`<button class="pickrow" @click=${() => app.go(`score/${rule}`)}><span><b>${title(rule)}</b><small>${t(about.title)}</small></span>
      <span class="end">${about.unverified ? html`<span class="tag me">${t("unverified")}</span>` : nothing}${mine ? html`<b>${answer(rule, mine.result).short}</b><small>${clock(mine.at)}</small>` : nothing}${pic("right")}</span></button>`;
  })}</section></main>`;
}

// What the case already knows is filled in: the crew changes it where it is wrong.
function known(app, rule) {
  const found = newest(app.view.vitals);
  const value = (id) => found[id]?.value ?? undefined;
  const gcs = app.view.assessments.find((each) => each.rule === "gcs")?.result?.total;
  const sex = { male: "M", female: "F" }[app.view.patient.sex];
  const all = { hr: value("hr"), rr: value("rr"), sbp: value("sbp"), spo2: value("spo2"), temp: value("temp"), glucose: value("glucose"), consciousness: value("consciousness"), o2: value("o2"), age: app.age ?? undefined, sex, gcs };
  if (rule === "qsofa") return { rr_ge_22: all.rr === undefined ? undefined : all.rr >= 22, sbp_le_100: all.sbp === undefined ? undefined : all.sbp <= 100, altered_mentation: gcs === undefined ? (all.consciousness === undefined ? undefined : all.consciousness !== "A") : gcs < 15 };
  const wanted = describe(rule).inputs.map((input) => input.name);
  return Object.fromEntries(wanted.filter((name) => all[name] !== undefined).map((name) => [name, all[name]]));
}

export function score(app, rule) {
  const about = describe(rule);
  const form = app.form(`score/${rule}`);
  const filled = known(app, rule);
  const input = Object.fromEntries(Object.entries({ ...filled, ...form.values }).filter(([, value]) => value !== undefined));
  const result = evaluate(rule, input);
  const said = answer(rule, result);
  return html`${head(app, title(rule))}<main id="work" tabindex="-1">
    <section class="score ${said.css}" role="status"><span class="total ${said.whole ? "" : "mute"}">${said.short}</span><span><b>${t(about.title)}</b><p>${said.words}</p>
    ${about.unverified ? html`<p class="me inline">${shape("me")}${t("Unverified rule: never decides alone")}</p>` : nothing}</span></section>
    ${about.inputs.filter((each) => each.type !== "words").map((each) => question(each, input, filled, form))}
    <p class="csub">${about.note ? t(about.note) : ""} ${t("Source: {source}", { source: about.source })} · ${about.version}</p></main>
    ${foot(big({ title: t("Save"), text: said.whole ? said.words : t("Incomplete: kept as it is, without a total"), disabled: Boolean(result.rejected) || !Object.keys(input).length, act: () => save(app, form, rule, input, result) }))}`;
}

function question(each, input, filled, form) {
  const value = input[each.name];
  const from = each.name in filled && !(each.name in form.values) ? html`<small class="mute"> ${t("from this case")}</small>` : nothing;
  const label = html`<p class="clab">${t(each.label)}${each.optional ? html` <small class="mute">${t("optional")}</small>` : nothing}${from}</p>`;
  const set = (next) => form.set({ [each.name]: next });
  if (each.type === "number") {
    return html`${label}<input class="cin" inputmode="decimal" aria-label=${t(each.label)} .value=${value ?? ""} placeholder=${each.unit ? unit(each.unit) : ""}
      @input=${(event) => set(event.target.value.trim() === "" ? undefined : Number(event.target.value.replace(",", ".")))}>`;
  }
  if (each.type === "flag") return html`${label}${chips([[true, t("Yes")], [false, t("No")]], value, set, t(each.label))}`;
  return html`${label}${chips(each.options.map((option) => [option.value, t(option.label), option.points === undefined ? "" : String(option.points)]), value, set, t(each.label))}`;
}

const unit = (ucum) => ({ "mm[Hg]": "mmHg", Cel: "℃", a: t("years") })[ucum] ?? ucum;

/** A result in words; without all inputs there is never a total. */
export function answer(rule, result) {
  if (!result) return { short: "—", words: "", css: "", whole: false };
  if (result.rejected) return { short: "—", words: t("{value} cannot be: {allowed}", { value: result.given, allowed: result.allowed }), css: "", whole: false };
  if (result.missing) {
    const labels = Object.fromEntries(describe(rule).inputs.map((each) => [each.name, t(each.label)]));
    const partial = result.hear === undefined ? "" : ` HEAR ${result.hear}`;
    return { short: "—", words: `${t("Missing: {names}", { names: result.missing.map((name) => labels[name] ?? name).join(" · ") })}${partial}`, css: "", whole: false };
  }
  if (result.not_applicable) return { short: "—", words: result.not_applicable.map((why) => t(why)).join(" · "), css: "", whole: false };
  return { whole: true, ...spoken(rule, result) };
}

function spoken(rule, result) {
  const flag = (holds, yes, no) => ({ css: holds ? "high" : "", words: holds ? yes : no });
  switch (rule) {
    case "killip": return { short: ["", "I", "II", "III", "IV"][result.class] ?? result.class, words: t(String(result.killip)), css: result.class > 2 ? "high" : "" };
    case "shock_index": return { short: String(result.value), ...flag(result.raised, t("raised"), t("not raised")) };
    case "stemi_ecg": return { short: result.lead_meets ? t("yes") : t("no"), ...flag(result.lead_meets, t("meets the limit of {mm} mm", { mm: result.limit_mm }), t("below the limit of {mm} mm", { mm: result.limit_mm })) };
    case "reperfusion": return { short: result.choice === "primary_pci" ? "PCI" : t("lysis"), words: t(result.because), css: "" };
    case "gcs": return { short: result.total === null ? "—" : String(result.total), words: result.shown, css: result.total !== null && result.total <= 8 ? "high" : "" };
    default: {
      const risk = result.risk ?? result.injury ?? "";
      const lvo = result.lvo ?? result.lvo_likely ?? result.high_risk ?? result.positive;
      return { short: String(result.total ?? result.value ?? result.shown ?? "—"), words: [risk && t(risk), lvo === undefined ? "" : lvo ? t("threshold reached") : t("below the threshold")].filter(Boolean).join(" · "), css: lvo || risk === "high" ? "high" : risk === "moderate" ? "medium" : "" };
    }
  }
}

async function save(app, form, rule, input, result) {
  await app.record([["assessment", { rule, input, result }]], { words: t("{rule} saved", { rule: title(rule) }) });
  await form.discard();
  app.go("scores");
}
