// The resource board: what the hospital can take right now, set in two taps, each figure with its author and age.
import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { post } from "../../web/api.js";
import { clock, now } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { subscribe } from "../../web/live.js";
import { Acts } from "./acts.js";
import { diversions } from "./board-diversion.js";
import { tile } from "./board-tile.js";
import { clear, drawer, failed, liveLine, loading, offlineBar, partial } from "./page.js";
import { pic, shape } from "./pictures.js";
import { Truth } from "./truth.js";
import { said } from "./words.js";

const place = (id) => document.getElementById(id);
const { hospital } = document.body.dataset;
const treats = "treats" in document.body.dataset;
const api = `/api/emergency/hospitals/${encodeURIComponent(hospital)}`;

const draw = drawer(view);
const line = liveLine(draw);
const truth = new Truth(`${api}/resources`, draw);
const acts = new Acts(draw, (answer) => (answer?.resources ? truth.take(answer) : truth.load()));
const board = { treats, acts, draw, change, divert };

/** One touch on one tile; the way back sets it as it was. */
function change(each, to) {
  const name = `tile/${each.id}`;
  const send = (values) => post(`${api}/resources`, { changes: [{ id: each.id, ...values }] });
  const { free, state, until } = each;
  const before = each.capacity === 1 || free === null ? { state, ...(until && Date.parse(until) > now() ? { until } : {}) } : { free };
  return acts.run(name, {
    send: () => send(to), back: () => send(before), words: t("{name}: {value}", { name: said(each.name), value: valueWords(each, to) }),
    overlay: (copy) => {
      const found = copy.resources.find((one) => one.id === each.id);
      if (!found) return;
      Object.assign(found, to, { set_by: t("You"), set_at: new Date(now()).toISOString(), stale: false, pending: true });
      if (to.free !== undefined) found.state = to.free ? "free" : "busy";
      if (to.state === "free") found.until = null;
    },
  });
}

function valueWords(each, to) {
  if (to.free !== undefined) return t("{n} free", { n: to.free });
  if (to.until) return t("busy until {time}", { time: clock(to.until) });
  return { free: t("Vacant"), busy: t("In use"), closed: t("Closed") }[to.state];
}

function divert(pathway, { on, until = null, reason = "" }, before = null) {
  const send = (values) => post(`${api}/diversion`, { pathway, ...values });
  const back = before ? { on: true, until: before.until, reason: before.reason } : { on: !on };
  return acts.run(`divert/${pathway}`, {
    send: () => send({ on, ...(until ? { until } : {}), ...(reason ? { reason } : {}) }),
    back: () => send({ on: back.on, ...(back.until ? { until: back.until } : {}), ...(back.reason ? { reason: back.reason } : {}) }),
    words: on ? t("Diverting: told to dispatch and crews") : t("Taking again: told to dispatch and crews"),
    overlay: (copy) => {
      copy.diversions = copy.diversions.filter((each) => each.pathway !== pathway);
      if (on) copy.diversions.push({ pathway, until, reason, set_by: t("You"), set_at: new Date(now()).toISOString(), pending: true });
    },
  });
}

// "All as before" makes every figure fresh; what was confirmed cannot be made stale again, so there is nothing to undo.
const confirmAll = () => acts.run("all", {
  send: () => post(`${api}/resources/confirm`),
  overlay: (copy) => { for (const each of copy.resources) Object.assign(each, { set_by: t("You"), set_at: new Date(now()).toISOString(), stale: false }); },
});

function view() {
  const state = acts.over(truth.state);
  render(fresh(state), place("fresh"));
  render(same(state), place("same"));
  render(body(state), place("tiles"));
  place("tiles").removeAttribute("aria-busy");
}

function fresh(state) {
  if (!state) return nothing;
  const old = state.resources.filter((each) => each.stale).length;
  if (!state.resources.length) return nothing;
  return old ? html`<span class="lo b">${shape("low")} ${t("{n} not confirmed for over 30 min", { n: old })}</span>` : html`<span class="ok-c">${pic("check", "s")} ${t("all confirmed within 30 min")}</span>`;
}

function same(state) {
  if (!treats || !state?.resources.length) return nothing;
  const waits = acts.waits("all");
  return html`<button class="btn go same" @click=${confirmAll} ?disabled=${waits}>${pic("refresh", "l")}<span><span>${t("All as before")}</span>
    <small>${waits ? t("sending") : t("confirms {n} figures", { n: state.resources.length })}</small></span></button>`;
}

function body(state) {
  if (!state) return truth.problem ? failed(truth.problem, () => truth.load()) : loading;
  return html`${offlineBar(line)}${partial(truth.problem, () => truth.load())}
    ${treats ? nothing : html`<p class="offbar">${pic("lock")} ${t("You may look; nurses and doctors of the hospital set the figures.")}</p>`}
    ${state.resources.length ? html`<ul class="tiles">${repeat(state.resources, (each) => each.id, (each) => tile(board, each))}</ul>` : empty()}
    ${diversions(board, state)}`;
}

const empty = () => html`<section class="void wide">${pic("bed", "l")}<h2>${t("No resources are set up yet")}</h2>
  <p class="two">${t("Beds, rooms and devices appear here once your administrator, or your hospital's own system, enters them. Until then dispatch ranks this hospital without figures.")}</p></section>`;

clear(place("tiles"));
subscribe([`hospital/${hospital}`, "resources"], ({ kind, data }) => (kind === "resources" || data.hospital === hospital) && truth.soon(), { onSync: () => truth.load() });
truth.load();
