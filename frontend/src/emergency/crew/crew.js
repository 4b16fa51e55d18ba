// The crew's page: opens what is on the device, then the line to the server, then draws.
import { keptBefore, lightChosen, noteKept, setLanguage, setLight } from "./ground.js";
import { html, render } from "lit-html";
import { clock, now, setOffset } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { App } from "./app.js";
import { Drafts, Kept } from "./drafts.js";
import { follow } from "./follow.js";
import { showEcg } from "./live-ecg.js";
import { Outbox, waitingOfOthers } from "./outbox.js";
import { Server } from "./server.js";
import { health } from "./store.js";
import { Sync } from "./sync.js";
import { identify } from "./who.js";
import { install } from "./install.js";
import { actsOf } from "./session.js";
import { page } from "./views/page.js";

const place = document.getElementById("crew");
place.replaceChildren();

function draw(app) {
  if (app.drawing) return;
  app.drawing = true;
  requestAnimationFrame(() => {
    app.drawing = false;
    render(page(app), place);
    keepFocus(app);
  });
}

// A sheet takes the focus when it opens and gives it back when it closes; a new view is read from its top.
let seen = { over: "", route: "", from: null };
function keepFocus(app) {
  const over = app.orders.length ? "order" : app.sheet?.name ?? "";
  if (over !== seen.over) {
    if (over && !seen.over) seen.from = document.activeElement;
    const first = over ? place.querySelector(over === "order" ? ".order .big" : ".csheet :is(input, .big, .chip, button:not(.ico))") : seen.from;
    first?.focus?.({ preventScroll: true });
  } else if (app.route !== seen.route && seen.route) document.getElementById("work")?.focus({ preventScroll: true });
  seen = { ...seen, over, route: app.route };
}

function stop(words, more = "") {
  render(html`<main id="work" tabindex="-1"><section class="empty"><h1>${words}</h1><p>${more}</p>
    <a class="btn go" href="/signin?next=/emergency/crew">${t("Sign in")}</a></section></main>`, place);
}

async function start() {
  const server = new Server({ learned: setOffset });
  const state = await health().catch((error) => ({ works: false, why: error.message }));
  const person = await identify(server, state);
  if (!person) return stop(t("Sign in to begin"), t("There is no network and no key on this device: what is kept stays sealed until you sign in."));
  const outbox = new Outbox(person.vault, state.works);
  await outbox.load();
  const sync = new Sync(outbox, { shift: () => app.me.shift ?? null, stored: (facts) => app.filed(facts) });
  const app = new App({ ...person, outbox, drafts: new Drafts(person.vault), kept: new Kept(person.vault), sync, server, draw: () => draw(app) });
  Object.assign(app, actsOf(app), { health: state, light: lightChosen(), others: state.works ? await waitingOfOthers(person.me.user) : 0 });
  app.setLight = (choice) => { setLight(choice); app.light = choice; app.draw(); };
  app.setLanguage = setLanguage;
  app.showEcg = (shown) => showEcg(app, shown);
  sayWhatWasLost(app, person);
  outbox.addEventListener("change", () => noteKept(outbox.items.length));
  addEventListener("hashchange", () => { app.sheet = null; app.draw(); });
  addEventListener("keydown", (event) => event.key === "Escape" && (app.sheet ? app.sink() : app.route !== "main" && app.go("main")));
  setInterval(() => app.draw(), 1000);
  setInterval(() => setLight(), 60_000);
  globalThis.crew = app; // for the page's tests and for support at a console
  await follow(app);
  install();
  addEventListener("online", () => app.keepAwake());
  app.keepAwake();
  app.draw();
}

// The browser cleared the database, or the key went: said before anything is typed.
function sayWhatWasLost(app, { fresh }) {
  const before = keptBefore();
  if (!fresh || !before.count || app.outbox.items.length) return;
  app.lost = t("The browser cleared this device's storage. {n} items recorded before {time} had not been sent: record them again.", { n: before.count, time: clock(before.at) });
  app.tell(app.lost, "problem");
  app.notices[0].until = now() + 600_000;
}

start().catch((error) => {
  stop(t("This page could not start"), `${error.message} ${t("What is kept on this device is safe. Load the page again.")}`);
  throw error;
});
