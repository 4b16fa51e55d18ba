// Keeps the page in step with the server: the shift, the case, live events, the hospitals, the clock.
import { Problem } from "../../web/api.js";
import { subscribe } from "../../web/live.js";
import { t } from "../../web/i18n.js";
import { say } from "../../web/ui.js";
import { ring, still } from "./bell.js";
import { offsetToKeep, recallOffset } from "./facts.js";
import { takeFrame } from "./live-ecg.js";
import { watchPlace } from "./place.js";
import { isCut } from "./server.js";
import { caseOf, isOffered, orderOf, rankingOf, said, straightRanking } from "./view.js";

const EVERY_MS = 20_000; // the whole view, where no event came
const CLOCK_MS = 60_000;

/** Starts from what is kept, then asks the server, then listens. */
export async function follow(app) {
  const kept = await app.kept.read("shift").catch(() => null);
  recallOffset((await app.kept.read("offset").catch(() => null))?.value ?? null);
  if (kept) await useShift(app, kept.value, { fresh: false });
  app.heardShift = (shift) => useShift(app, shift, { fresh: true });
  app.pullNow = () => pull(app);
  app.heardOrder = () => refresh(app);
  document.addEventListener("banyan:signed-out", () => app.sync.signedOut());
  // What is filed leaves the device at once; the server's view follows by itself.
  app.sync.stored = async (facts) => { app.filed(facts); if (facts.length) app.pullNow().catch(() => {}); };
  watchPlace(app);
  const ask = () => refresh(app);
  setInterval(ask, EVERY_MS);
  setInterval(() => app.server.measure().catch(() => {}), CLOCK_MS);
  addEventListener("online", ask);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
  await Promise.race([ask(), new Promise((resolve) => setTimeout(resolve, kept ? 300 : 5000))]);
  app.sync.kick();
}

async function refresh(app) {
  try {
    await app.server.measure();
    await app.kept.write("offset", offsetToKeep());
    const shift = await app.server.shift();
    await useShift(app, shift, { fresh: true });
    app.sync.heard(true);
  } catch (error) {
    if (isCut(error)) { app.sync.heard(false); cutOff(app); }
    else if (!(error instanceof Problem)) throw error;
  }
}

async function useShift(app, shift, { fresh }) {
  // The token is told once, when the shift is begun on this device: it is kept as long as the unit stays.
  const token = shift.token ?? (shift.unit && shift.unit.id === app.me.unit ? app.me.shift : null) ?? null;
  Object.assign(app.me, { unit: shift.unit?.id ?? null, unitName: shift.unit ? said(shift.unit.name) : null, shift: token });
  if (fresh) await app.kept.write("shift", { ...shift, token }).catch(() => {});
  listen(app, shift.unit?.id ?? null, shift.case);
  if (!shift.case) {
    if (fresh && app.base && !stillMine(app)) await app.open(null);
    return app.refresh();
  }
  if (fresh) return pull(app, shift.case);
  const kept = await app.kept.read(`case/${shift.case}`).catch(() => null);
  if (kept && !app.base) await app.open(kept.value);
  return cutOff(app);
}

// The unit is free on the server, but the crew has not closed the case here: what waits must be seen.
const stillMine = (app) => app.outbox.waiting.some((item) => item.fact.case === app.caseId) || !app.view.times.back_in_service;

async function pull(app, id = app.caseId) {
  if (!id) return;
  const asked = Date.now();
  const answer = await app.server.caseView(id);
  if (isOffered(answer) && !app.accepted.has(answer.task.id)) return offer(app, orderOf(answer));
  withdraw(app, answer.task?.id);
  await app.pull(caseOf(answer), asked);
  await rank(app, id);
}

async function rank(app, id) {
  try {
    const [answer, all] = await Promise.all([app.server.destinations(id), app.places ? null : app.server.hospitals()]);
    if (all) app.places = Object.fromEntries(all.hospitals.map((each) => [each.id, { lat: each.lat, lon: each.lon }]));
    app.ranking = rankingOf(answer, app.places);
    await app.kept.write(`ranking/${id}`, app.ranking).catch(() => {});
    app.draw();
  } catch (error) {
    if (isCut(error)) cutOff(app);
  }
}

// Without network the list is the last known one; with the device's place, by straight line, and labelled so.
function cutOff(app) {
  if (!app.ranking) return;
  app.ranking = app.here ? straightRanking(app.ranking, app.here) : { ...app.ranking, old: true };
  app.draw();
}

export async function offer(app, order) {
  if (app.orders.some((each) => each.task === order.task)) return;
  app.orders.push(order);
  ring(app);
  say(t("New call: {what}", { what: order.complaint }), { alarm: true });
  app.draw();
}

function withdraw(app, task) {
  if (!app.orders.some((each) => each.task === task)) return;
  app.orders = app.orders.filter((each) => each.task !== task);
  if (!app.orders.length) still();
}

let heard = null;
function listen(app, unit, caseId) {
  const topics = [unit && `unit/${unit}`, caseId && `case/${caseId}`, caseId && `ecg/${caseId}`].filter(Boolean);
  if (heard?.topics.join() === topics.join()) return;
  heard?.end();
  heard = topics.length ? { topics, end: subscribe(topics, (event) => take(app, event), { onSync: () => app.pullNow().catch(() => {}) }) } : null;
}

const SETTLE_MS = 600; // events come in flocks: one question answers them all
let soon = 0;
function take(app, { topic, kind, data }) {
  switch (kind) {
    case "ecg.frame": return takeFrame(app, data);
    case "order": return offer(app, orderOf(data));
    case "prompt": return app.tell(said(data.text), "problem");
    case "eta": if (app.base?.destination) app.base.destination.minutes = Math.round(data.eta_s / 60); return app.refresh();
    default:
      if (app.sync.running) return undefined; // my own facts coming back: the view is asked for when they are filed
      clearTimeout(soon);
      soon = setTimeout(() => (topic.startsWith("unit/") ? refresh(app) : app.pullNow()).catch(() => {}), SETTLE_MS);
      return undefined;
  }
}
