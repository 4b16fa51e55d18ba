// Who is the patient: resident number on a keypad, a scanned code, or unknown; and the record that is found.
import { html, nothing } from "lit-html";
import { t } from "../../../web/i18n.js";
import { pic, shape } from "../pictures.js";
import { find, press, read } from "../resident.js";
import { historyOf } from "../view.js";
import { SEX, who } from "../words.js";
import { foundHead, lines } from "./history.js";
import { big, chips, foot, head, keypad, tabs } from "./parts.js";

const AGES = [[0.5, t("Infant"), "<1"], [6, t("Child"), "1–12"], [15, t("Teen"), "13–17"], [28, t("Young"), "18–39"], [52, t("Middle"), "40–64"], [75, t("Old"), "65+"]];

export function identity(app) {
  const form = app.form("identity");
  const tab = form.values.tab ?? "card";
  return html`${head(app, t("Who is the patient?"))}<main id="work" tabindex="-1">
    ${app.view.patient.identified || app.view.patient.name ? html`<p class="csub">${t("Now: {who}", { who: `${app.view.patient.name ?? ""} ${who(app.view.patient)}` })}</p>` : nothing}
    ${tabs([["card", t("ID card"), "card"], ["scan", t("Scan"), "barcode"], ["unknown", t("Unknown"), "unknown"]], tab, (value) => { stopScan(app); form.set({ tab: value }); }, t("How"))}
    ${tab === "card" ? card(app, form) : tab === "scan" ? scan(app, form) : unknown(app, form)}</main>
    ${foot(button(app, form, tab))}`;
}

function card(app, form) {
  const number = form.values.number ?? "";
  const said = read(number);
  const key = (sign) => { const next = press(number, sign); form.set({ number: next }); look(app, next); };
  return html`<section class="idn"><div class="num" role="group" aria-label=${t("Resident number")}><span>${number.slice(0, 6)}</span><span>${number.slice(6, 14)}</span><span>${number.slice(14)}</span>${number.length < 18 ? html`<i></i>` : nothing}</div>
    <div class="msg ${said.valid ? "ok" : said.problem ? "hi" : "mute"}" role="status">${message(number, said)}</div></section>
    ${said.valid ? found(app, number) : nothing}
    ${keypad({ press: key, extra: "X" })}`;
}

function message(number, said) {
  if (said.valid) return html`${pic("check")}<span>${t("Check digit is right")}</span><span class="inkline">${SEX[said.sex]} · ${said.birthDate} · ${t("{age} y", { age: said.age })}</span>`;
  if (said.problem === "check") return html`${shape("hi")}<span>${t("Digit 18 does not fit the first 17. Check again.")}</span>`;
  if (said.problem === "date") return html`${shape("hi")}<span>${t("Digits 7 to 14 are no date of birth. Check again.")}</span>`;
  return html`<span>${t("{n} digits to go", { n: 18 - number.length })}</span>`;
}

/** Asks the record, once a number. Without network it is asked when the fact arrives: the page says so. */
async function look(app, number) {
  if (!read(number).valid || app.lookup?.number === number) return;
  app.lookup = { number, state: "asking" };
  try {
    app.lookup = { number, state: "answered", ...(await app.server.person(app.caseId, number)) };
  } catch (error) {
    app.lookup = { number, state: error.status ? "refused" : "offline", words: error.message };
  }
  app.draw();
}

function found(app, number) {
  const lookup = app.lookup?.number === number ? app.lookup : null;
  if (!lookup) { look(app, number); return nothing; }
  if (lookup.state === "asking") return html`<p class="csub" role="status">${t("Asking the record…")}</p>`;
  if (lookup.state === "offline") return html`<p class="csub">${t("No network: the record is asked when this is sent. Go on with the number.")}</p>`;
  if (lookup.state === "refused") return html`<p class="csub me">${shape("me")} ${lookup.words}</p>`;
  if (!lookup.person) return html`<p class="csub">${t("No record under this number yet: one is made.")}</p>`;
  return html`<section class="card cfound">${foundHead(t("1 record found"), "")}<div class="line"><span>${t("Name")}</span><b>${lookup.person.name}</b></div>${lookup.history ? lines(historyOf(lookup.history)) : nothing}</section>`;
}

function scan(app, form) {
  const camera = app.camera;
  return html`<div class="cframe">${camera?.video ?? nothing}<div ?hidden=${Boolean(camera?.video)}>${pic("barcode", "l")}<p>${t("Hold the insurance code, wristband or chart barcode in the frame")}</p></div></div>
    ${form.values.scanned ? html`<p class="csub" role="status">${pic("check")} ${form.values.scanned}</p>` : nothing}
    ${camera?.problem ? html`<p class="warn me" role="alert">${shape("me")}${camera.problem}</p>` : nothing}
    <div class="two2"><button class="btn" @click=${() => startScan(app, form)}>${pic("camera")}<span>${t("Start the camera")}</span></button>
    <label class="btn">${pic("file")}<span>${t("From a picture")}</span><input type="file" accept="image/*" capture="environment" class="vh" @change=${(event) => fromPicture(app, form, event.target)}></label></div>`;
}

async function startScan(app, form) {
  app.camera = { problem: null };
  try {
    const { Scanner } = await import("../scanner.js");
    app.camera = await Scanner.start((text) => scanned(app, form, text));
  } catch (error) {
    app.camera = { problem: error.name === "NotAllowedError" ? t("The camera is not allowed: allow it in the browser, or take a picture.") : t("The camera does not start: take a picture instead.") };
  }
  app.draw();
}

async function fromPicture(app, form, input) {
  const [file] = input.files;
  input.value = "";
  if (!file) return;
  const { decodePicture } = await import("../scanner.js");
  const text = await decodePicture(file);
  if (text) scanned(app, form, text);
  else { app.camera = { problem: t("No code found in the picture. Hold the code flat, close and sharp.") }; app.draw(); }
}

export function stopScan(app) {
  app.camera?.stop?.();
  app.camera = null;
}

function scanned(app, form, text) {
  stopScan(app);
  const number = find(text);
  form.set(number ? { tab: "card", number, scanned: text } : { scanned: text });
  if (number) look(app, number);
}

function unknown(app, form) {
  const label = app.view.patient.label ?? `${t("Unknown")} ${app.caseId.slice(0, 4).toUpperCase()}`;
  return html`<p class="clab">${t("Sex")}</p>${chips([["female", t("Female")], ["male", t("Male")], ["unknown", t("Cannot tell")]], form.values.sex, (sex) => form.set({ sex }), t("Sex"))}
    <p class="clab">${t("Age, about")}</p>${chips(AGES, form.values.age, (age) => form.set({ age }), t("Age, about"))}
    <label class="clab" for="said-name">${t("Name, if somebody says one")}</label><input id="said-name" class="cin" autocomplete="off" .value=${form.values.name ?? ""} @input=${(event) => form.set({ name: event.target.value || undefined })}>
    <section class="idn"><span class="mute">${t("Wristband number")}</span><b class="key">${label}</b><span>${t("Write it on the wristband and the tubes")}</span><span class="mute">${t("Treat first. The record can be joined later.")}</span></section>`;
}

function button(app, form, tab) {
  const number = form.values.number ?? "";
  const said = read(number);
  const name = app.lookup?.number === number ? app.lookup.person?.name : null;
  if (tab === "unknown") return big({ title: t("Go on with this"), text: [SEX[form.values.sex], form.values.name].filter(Boolean).join(" · "), act: () => save(app, form, { unknown: true, sex: form.values.sex, age: form.values.age, name: form.values.name }) });
  const scannedOnly = tab === "scan" && form.values.scanned;
  if (scannedOnly) return big({ title: t("Use this code"), text: form.values.scanned, act: () => save(app, form, { scanned: form.values.scanned }) });
  return big({
    title: name ? t("This is the patient") : t("Use this number"), text: name ? `${name} · ${SEX[said.sex]} ${said.age}` : said.valid ? `${SEX[said.sex]} ${said.age}` : "", disabled: !said.valid || tab === "scan",
    act: () => save(app, form, { resident_id: number, ...(name ? { name } : {}), sex: said.sex, birth_date: said.birthDate, ...(form.values.scanned ? { scanned: form.values.scanned } : {}) }),
  });
}

async function save(app, form, data) {
  const clean = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
  await app.record([["identity", clean]], { words: data.unknown ? t("Unknown person recorded") : t("Identity recorded") });
  await form.discard();
  app.go("main");
}
