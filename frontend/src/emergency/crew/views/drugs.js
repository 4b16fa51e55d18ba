// Medicines given: the usual ones of this pathway with their usual doses first.
import { html, nothing } from "lit-html";
import { clock, now } from "../../../web/clock.js";
import { t } from "../../../web/i18n.js";
import { shape } from "../pictures.js";
import { big, chips, foot, head } from "./parts.js";

// ATC code, name, unit, usual doses, routes. Usual prehospital doses for adults as offers, never as advice:
// the crew chooses, and a service edits this list for its own protocol.
const drug = (code, text, unit, doses, routes, words = []) => ({ code, text, unit, doses, routes, words });
const DRUGS = {
  aspirin: drug("B01AC06", t("Aspirin"), "mg", [300, 150], ["oral"], ["aspirin", "阿司匹林", "salicyl"]),
  ticagrelor: drug("B01AC24", t("Ticagrelor"), "mg", [180], ["oral"], ["ticagrelor", "替格瑞洛"]),
  clopidogrel: drug("B01AC04", t("Clopidogrel"), "mg", [300, 600], ["oral"], ["clopidogrel", "氯吡格雷"]),
  nitroglycerin: drug("C01DA02", t("Nitroglycerin"), "mg", [0.5, 0.3], ["sublingual", "iv"], ["nitro", "硝酸"]),
  morphine: drug("N02AA01", t("Morphine"), "mg", [3, 5, 2], ["iv"], ["morphin", "吗啡", "opioid"]),
  heparin: drug("B01AB01", t("Heparin"), "IU", [5000, 4000], ["iv"], ["heparin", "肝素"]),
  saline: drug("B05BB01", t("Saline 0.9%"), "mL", [250, 500, 100], ["iv"]),
  glucose: drug("B05BA03", t("Glucose 50%"), "mL", [40, 20], ["iv"]),
  tranexamic: drug("B02AA02", t("Tranexamic acid"), "g", [1], ["iv"], ["tranexam", "氨甲环酸"]),
  fentanyl: drug("N01AH01", t("Fentanyl"), "µg", [50, 100, 25], ["iv", "nasal"], ["fentanyl", "芬太尼", "opioid"]),
  adrenaline: drug("C01CA24", t("Adrenaline"), "mg", [1, 0.5, 0.3], ["iv", "im"], ["adrenalin", "epinephrin", "肾上腺素"]),
  amiodarone: drug("C01BD01", t("Amiodarone"), "mg", [300, 150], ["iv"], ["amiodaron", "胺碘酮", "iod"]),
  atropine: drug("A03BA01", t("Atropine"), "mg", [0.5, 1], ["iv"], ["atropin", "阿托品"]),
  salbutamol: drug("R03AC02", t("Salbutamol"), "mg", [5, 2.5], ["inhaled"], ["salbutamol", "沙丁胺醇"]),
  midazolam: drug("N05CD08", t("Midazolam"), "mg", [5, 10, 2], ["iv", "im", "nasal"], ["midazolam", "咪达唑仑"]),
};
const CHEST = ["aspirin", "ticagrelor", "nitroglycerin", "morphine", "heparin", "clopidogrel"];
const USUAL = {
  stemi: CHEST,
  chest_pain: CHEST,
  arrest: ["adrenaline", "amiodarone", "atropine", "saline"],
  stroke: ["glucose", "saline"],
  trauma: ["tranexamic", "saline", "fentanyl", "morphine"],
  paediatric: ["adrenaline", "salbutamol", "midazolam", "glucose"],
};
const ROUTE = { oral: t("by mouth"), sublingual: t("under the tongue"), iv: t("into a vein"), im: t("into a muscle"), nasal: t("nose"), inhaled: t("inhaled") };

const warning = (medicine, allergies) => allergies.find((allergy) => medicine.words.some((word) => (allergy.text ?? allergy).toLowerCase().includes(word)));

export function drugs(app) {
  const form = app.form("drugs");
  const usual = USUAL[app.view.pathway] ?? [];
  const names = [...usual, ...Object.keys(DRUGS).filter((name) => !usual.includes(name))];
  const medicine = DRUGS[form.values.drug];
  const child = app.age !== null && app.age < 16;
  return html`${head(app, t("Medicines given"))}<main id="work" tabindex="-1">${given(app)}
    <p class="clab">${usual.length ? t("Usual for this pathway first") : t("Medicine")}</p>
    ${chips(names.map((name) => [name, DRUGS[name].text]), form.values.drug, (name) => form.set({ drug: name, dose: undefined, route: undefined }), t("Medicine"))}
    ${medicine ? dose(app, form, medicine, child) : nothing}</main>
    ${medicine ? foot(saveButton(app, form, medicine)) : nothing}`;
}

function dose(app, form, medicine, child) {
  const allergy = warning(medicine, app.view.history?.allergies ?? []);
  return html`${allergy ? html`<p class="warn hi" role="alert">${shape("hi")}<b>${t("Allergy on record: {words}", { words: allergy.text ?? allergy })}</b></p>` : nothing}
    ${child ? html`<p class="warn me">${shape("me")}${t("A child: doses by weight. The offers below are for adults; type the dose.")}</p>` : nothing}
    <p class="clab">${t("Dose, {unit}", { unit: medicine.unit })}</p>
    ${child ? nothing : chips(medicine.doses.map((value) => [value, `${value} ${medicine.unit}`]), form.values.dose, (value) => form.set({ dose: value }), t("Dose"))}
    <input class="cin" inputmode="decimal" aria-label=${t("Another dose, {unit}", { unit: medicine.unit })} placeholder=${t("Another dose, {unit}", { unit: medicine.unit })}
      .value=${medicine.doses.includes(form.values.dose) && !child ? "" : form.values.dose ?? ""} @input=${(event) => form.set({ dose: amount(event.target.value) })}>
    <p class="clab">${t("How")}</p>${chips(medicine.routes.map((route) => [route, ROUTE[route]]), form.values.route ?? medicine.routes[0], (route) => form.set({ route }), t("How"))}`;
}

const amount = (text) => {
  const value = Number(text.replace(",", "."));
  return text.trim() && Number.isFinite(value) && value > 0 ? value : undefined;
};

function saveButton(app, form, medicine) {
  const { dose: value } = form.values;
  const route = form.values.route ?? medicine.routes[0];
  return big({
    title: value ? t("Given {time}", { time: clock(now()) }) : t("Choose the dose"), text: value ? `${medicine.text} ${value} ${medicine.unit} · ${ROUTE[route]}` : medicine.text, disabled: !value,
    act: async () => {
      const data = { code: medicine.code, text: medicine.text, dose: value, unit: medicine.unit, route, time: new Date(now()).toISOString() };
      await app.record([["medication", data]], { words: t("Given: {what}", { what: `${medicine.text} ${value} ${medicine.unit}` }) });
      await form.discard();
      app.go("main");
    },
  });
}

const given = (app) => (app.view.medications.length ? html`<section class="card"><header><h2>${t("Given so far")}</h2></header><ol class="tl">${app.view.medications.map((each) => html`<li><time>${clock(each.at)}</time>
  <span>${each.text} ${each.dose ?? ""} ${each.unit ?? ""}</span><span class=${each.pending ? "me" : ""}>${each.pending ? t("waiting") : ROUTE[each.route] ?? ""}</span></li>`)}</ol></section>` : nothing);
