// Vital signs by hand: steppers, a keypad, reasons for what is absent, NEWS2 as they type.
import { html, nothing } from "lit-html";
import { clock, now } from "../../../web/clock.js";
import { t } from "../../../web/i18n.js";
import { pic, shape } from "../pictures.js";
import {
  ABSENT, CONSCIOUSNESS, NAMES, NUMBERS, RISK, fieldOf, limitsOf, newest, news2, priority, seriesOf, show, unlikely,
} from "../vitals.js";
import { big, foot, head, keypad, longPress, sheet } from "./parts.js";

const FORM = "vitals";

export function vitals(app) {
  const form = app.form(FORM);
  const found = newest(app.view.vitals);
  const score = news2(form.values, { age: app.age });
  return html`${head(app, html`${t("Vital signs")} <span class="mute">${clock(now())}</span>`)}
    <main id="work" tabindex="-1">${scoreBox(form.values, score)}
    <section class="card rows">${NUMBERS.slice(0, 2).map((field) => row(app, form, field, found))}${oxygen(app, form)}
    ${NUMBERS.slice(2, 6).map((field) => row(app, form, field, found))}${consciousness(form)}${NUMBERS.slice(6).map((field) => row(app, form, field, found))}</section></main>
    ${foot(saveButton(app, form, score))}`;
}

function scoreBox(values, score) {
  if (score.not_applicable) return box("", "—", html`<b>${t("NEWS2 does not apply")}</b><p>${t("16 years and older only")}</p>`);
  if (score.total === undefined) {
    const missing = (score.missing ?? []).map((id) => NAMES[id] ?? id).join(" · ");
    const threes = Object.keys(values).filter((id) => priority(id, values[id]) === "hi").map((id) => NAMES[id]).join(" · ");
    return box("", "—", html`<b>${t("NEWS2 incomplete")}</b><p>${t("No total. Missing:")} <b class="lo inline">${shape("lo")}${missing}</b></p>
      ${threes ? html`<p><b class="hi inline">${shape("hi")}${t("{names}: a single 3", { names: threes })}</b></p>` : nothing}`);
  }
  const [css, word] = RISK[score.risk];
  const parts = Object.entries(score.parts).filter(([, points]) => points > 0).sort((a, b) => b[1] - a[1]);
  return box(score.risk, score.total, html`<b>NEWS2 <span class="inline ${css}">${shape(css)}<span>${word}</span></span></b>
    <p>${parts.map(([id, points], i) => html`${i ? " · " : ""}${NAMES[id]}${id === "o2" ? "" : ` ${typeof values[id] === "number" ? show(id, values[id]) : values[id]}`} <b class="inl">+${points}</b>`)}</p>`);
}

const box = (css, sum, words) => html`<section class="score ${css}" role="status"><span class="total ${sum === "—" ? "mute" : ""}">${sum}</span><span>${words}</span></section>`;

function row(app, form, field, found) {
  const value = form.values[field.id] ?? null;
  const absent = form.values.absent?.[field.id];
  const last = found[field.id];
  const level = priority(field.id, value);
  const reasons = () => app.float("vital", { id: field.id, form: FORM });
  const press = longPress(reasons);
  const before = last ? `${last.absent ? ABSENT[last.absent] : t("last {value}", { value: show(field.id, last.value) })} · ${clock(last.at)}` : t("not taken");
  const note = absent ? html`<span class="me">${ABSENT[absent]}</span>` : value !== null && unlikely(field.id, value) ? html`<span class="me">${t("look again")}</span>` : level ? html`<span class=${level}>${shape(level)}</span>` : nothing;
  return html`<div class="vrow ${value === null && !absent ? "miss" : ""}"><button class="lb" @click=${reasons}>
    <b>${field.label}<span class="vh"> ${t("history, refused, not measurable")}</span></b><small>${field.unit} · ${before}</small></button>
    ${stepper(app, form, field, found, -1)}
    <button class="val ${value === null ? "none" : ""}" aria-label=${`${field.label} ${show(field.id, value)} ${field.unit}`} @pointerdown=${press.down} @pointerup=${press.up} @pointerleave=${press.up}
      @click=${(event) => press.click(event, () => app.float("pad", { id: field.id, typed: "" }))}><span>${show(field.id, value)}</span><small>${note}</small></button>
    ${stepper(app, form, field, found, 1)}</div>`;
}

let repeat = null;
const stop = () => { clearTimeout(repeat); clearInterval(repeat); };
addEventListener("pointerup", stop);
addEventListener("pointercancel", stop);

function stepper(app, form, field, found, sign) {
  const once = () => setValue(app, form, field.id, stepped(form.values[field.id], field, found[field.id]?.value, sign));
  const hold = () => { stop(); repeat = setTimeout(() => { repeat = setInterval(once, 90); }, 450); };
  return html`<button class="stp" aria-label="${field.label} ${sign > 0 ? "+" : "−"}" @pointerdown=${hold} @click=${once}>${pic(sign > 0 ? "plus" : "minus")}</button>`;
}

// The first touch takes up the last value: the likeliest answer first.
function stepped(value, field, last, sign) {
  const [low, high] = limitsOf(field.id);
  if (value === undefined || value === null) return last ?? field.start;
  return Math.min(high, Math.max(low, Number((value + sign * field.step).toFixed(field.decimals))));
}

function setValue(app, form, id, value) {
  const absent = { ...form.values.absent };
  delete absent[id];
  form.set({ [id]: value, absent: Object.keys(absent).length ? absent : undefined });
}

function oxygen(app, form) {
  const choice = (value, words, small) => html`<button class="ch" aria-pressed=${String(form.values.o2 === value)} @click=${() => setValue(app, form, "o2", value)}><span>${words}</span>${small ? html`<small>${small}</small>` : nothing}</button>`;
  return html`<div class="vrow ${form.values.o2 === undefined ? "miss" : ""}"><span class="lb"><b>${t("Oxygen")}</b></span><span class="pair" role="group" aria-label=${t("Oxygen")}>${choice(false, t("Air"))}${choice(true, t("Oxygen"), "+2")}</span></div>`;
}

function consciousness(form) {
  return html`<div class="vrow avpu ${form.values.consciousness ? "" : "miss"}"><span class="lb"><b>${t("ACVPU")}</b></span><span class="five" role="group" aria-label=${t("Consciousness")}>
    ${CONSCIOUSNESS.map(([value, words]) => html`<button class="ch" aria-pressed=${String(form.values.consciousness === value)} @click=${() => form.set({ consciousness: value })}>${value}<small>${words}</small></button>`)}</span></div>`;
}

function saveButton(app, form, score) {
  const count = Object.keys(form.values).filter((key) => key !== "absent").length + Object.keys(form.values.absent ?? {}).length;
  const missing = (score.missing ?? []).map((id) => NAMES[id] ?? id);
  const text = !count ? t("Nothing typed yet") : !missing.length ? t("All filled") : missing.length === 1 ? t("{name} missing, can be saved now", { name: missing[0] }) : t("{n} values filled", { n: count });
  return big({ title: t("Save"), text, disabled: !count || pressureProblem(form.values), act: () => save(app, form) });
}

const pressureProblem = (values) => values.sbp !== undefined && values.dbp !== undefined && values.dbp > values.sbp;

async function save(app, form) {
  const values = { ...form.values };
  await app.record([["vitals", values]], { words: t("Vitals saved {time}", { time: clock(now()) }) });
  await form.discard();
  app.go("main");
}

/** The keypad over a value. Typed outside the possible, it says the limits and keeps what was there. */
export function padSheet(app) {
  const { id, typed, problem } = app.sheet;
  const field = fieldOf(id);
  const press = (key) => {
    const next = key === "back" ? typed.slice(0, -1) : (typed + key).slice(0, 5);
    app.float("pad", { id, typed: next });
  };
  const done = () => {
    const value = Number(typed);
    const [low, high] = limitsOf(id);
    if (!typed) return app.sink();
    if (!(value >= low && value <= high)) return app.float("pad", { id, typed: "", problem: t("{value} cannot be: {low} to {high} {unit}", { value: typed, low, high, unit: field.unit }) });
    setValue(app, app.form(FORM), id, Number(value.toFixed(field.decimals)));
    return app.sink();
  };
  return sheet(app, `${field.label} ${field.unit}`, html`<p class="typed" aria-live="polite"><b>${typed || "—"}</b></p>
    ${problem ? html`<p class="hi inline" role="alert">${shape("hi")}${problem}</p>` : nothing}
    ${keypad({ value: "", press, go: done, extra: field.decimals ? "." : "" })}`);
}

/** History of one vital, and why it is absent: never 0. */
export function vitalSheet(app) {
  const { id } = app.sheet;
  const field = fieldOf(id);
  const series = seriesOf(app.view.vitals, id).slice(-12).reverse();
  const form = app.form(FORM);
  const reason = async (why) => {
    await form.set({ [id]: undefined, absent: { ...form.values.absent, [id]: why } });
    app.sink();
    if (app.route !== "vitals") app.go("vitals");
  };
  return sheet(app, field.label, html`
    ${series.length ? html`<ol class="tl">${series.map((point) => html`<li><time>${clock(point.at, "seconds")}</time><span><b>${point.value === null ? "—" : show(id, point.value)}</b> ${point.value === null ? ABSENT[point.absent] : field.unit}</span>
      <span class=${priority(id, point.value)}>${shape(priority(id, point.value))}</span></li>`)}</ol>` : html`<p class="mute">${t("Not measured yet in this case.")}</p>`}
    <p class="clab">${t("It cannot be taken now because")}</p>
    <div class="chips">${Object.entries(ABSENT).map(([value, words]) => html`<button class="chip" @click=${() => reason(value)}>${words}</button>`)}
    ${form.values[id] !== undefined || form.values.absent?.[id] ? html`<button class="chip" @click=${() => { setValue(app, form, id, undefined); app.sink(); }}>${t("Clear")}</button>` : nothing}</div>`);
}
