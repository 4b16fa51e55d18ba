// Live events: one stream of server-sent events per browser, shared by its tabs.
// The tab that holds the lock owns the stream and passes events on; when it closes, the next takes over.
import { clock, now } from "./clock.js";
import { syncMark } from "./ui.js";

const LOCK = "banyan-live";
const SILENT_MS = 40_000; // the server's heartbeat comes every 15 s: two missed, and the stream is dead
const GONE_MS = 20_000; // a tab that vanished without a word is forgotten after this long

const me = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
const shared = Boolean(navigator.locks && window.BroadcastChannel); // both need HTTPS or localhost
const channel = shared ? new BroadcastChannel(LOCK) : null;

const subscriptions = new Set(); // of this tab: {topics, handler, onSync}
const stateListeners = new Set();
let state = navigator.onLine ? "reconnecting" : "offline";
let lastId = ""; // cursor of the last change that this tab has seen
let lastIndex = -1; // and which of its events
let leading = false;
let told = false; // whether the page has been told its state

// ---- this tab: wants topics, gets events -------------------------------------------------------

const wanted = () => [...new Set([...subscriptions].flatMap((s) => s.topics))].sort();

/** The position in a cursor "epoch.shard.position"; a change of epoch starts again. */
const split = (id) => {
  const at = id.lastIndexOf(".");
  return [id.slice(0, at), Number(id.slice(at + 1))];
};

function isNew(id, index) {
  if (!lastId || !id) return true;
  const [epoch, position] = split(id), [lastEpoch, lastPosition] = split(lastId);
  return epoch !== lastEpoch || position > lastPosition || (position === lastPosition && index > lastIndex);
}

function deliver(message) {
  if (message.kind === "state") return setState(message.state, message.since);
  if (message.kind === "signed-out") return document.dispatchEvent(new CustomEvent("banyan:signed-out"));
  if (message.kind === "sync") {
    const added = new Set(message.topics);
    if (message.id) [lastId, lastIndex] = [message.id, Infinity];
    for (const s of subscriptions)
      if (!s.synced || message.reset || s.topics.some((topic) => added.has(topic) && !s.had.has(topic))) {
        s.topics.forEach((topic) => s.had.add(topic));
        if (s.topics.every((topic) => message.topics.includes(topic))) s.synced = true;
        s.onSync?.({ reset: Boolean(message.reset) });
      }
    return;
  }
  const { event } = message;
  if (!isNew(event.id, event.n)) return;
  [lastId, lastIndex] = [event.id, event.n];
  for (const s of subscriptions) if (s.topics.includes(event.topic)) s.handler(event);
}

function setState(next, since) {
  if (next === state && told) return;
  [state, told] = [next, true];
  syncMark({ connected: "saved" }[state] ?? state, state === "offline" && since ? clock(since) : "");
  stateListeners.forEach((listener) => listener(state));
}

/** A page that follows nothing is as well as its network. */
function withoutTopics() {
  if (!subscriptions.size) setState(navigator.onLine ? "connected" : "offline", now());
}
setTimeout(withoutTopics, 500);
addEventListener("online", withoutTopics);
addEventListener("offline", withoutTopics);

/** Follows topics: handler gets {id, topic, kind, data}; onSync says when to (re)load the page's state.
 *  Answers a function that ends the subscription. */
export function subscribe(topics, handler, { onSync } = {}) {
  const subscription = { topics: [].concat(topics), handler, onSync, had: new Set(), synced: false };
  subscriptions.add(subscription);
  tell({ kind: "want", tab: me, topics: wanted(), last: lastId });
  return () => {
    subscriptions.delete(subscription);
    tell({ kind: "want", tab: me, topics: wanted(), last: lastId });
  };
}

/** Calls listener with connected | reconnecting | offline, now and at each change. */
export function onState(listener) {
  stateListeners.add(listener);
  listener(state);
  return () => stateListeners.delete(listener);
}

function tell(message) {
  channel?.postMessage(message);
  hear(message);
}

function hear(message) {
  if (message.kind === "want" || message.kind === "bye") leading && keep(message);
  else if (message.kind === "who") channel?.postMessage({ kind: "want", tab: me, topics: wanted(), last: lastId });
  else deliver(message);
}

if (channel) channel.onmessage = ({ data }) => hear(data);
addEventListener("pagehide", () => tell({ kind: "bye", tab: me }));
addEventListener("pageshow", (event) => event.persisted && tell({ kind: "want", tab: me, topics: wanted(), last: lastId }));

// ---- the leading tab: owns the stream ------------------------------------------------------------

const tabs = new Map(); // tab → topics
let source = null, open = [], pending = 0, retry = 0, heard = 0, lostAt = 0, resume = "";

const union = () => [...new Set([...tabs.values()].flat())].sort();

function keep({ kind, tab, topics, last }) {
  if (kind === "bye" || !topics.length) tabs.delete(tab);
  else tabs.set(tab, topics);
  if (last && (!resume || (split(last)[0] === split(resume)[0] && split(last)[1] < split(resume)[1] && !source))) resume = last;
  const need = union();
  const lacking = need.filter((topic) => !open.includes(topic));
  if (lacking.length || (open.length && !need.length)) schedule(20);
  else if (need.length && state === "connected") pass({ kind: "sync", topics: open });
  if (kind === "want" && tab !== me) pass({ kind: "state", state, since: lostAt });
}

function schedule(ms) {
  clearTimeout(pending);
  pending = setTimeout(connect, ms);
}

function connect() {
  source?.close();
  source = null;
  open = union();
  if (!open.length) return;
  const asked = new URLSearchParams({ topics: open.join(",") });
  if (resume) asked.set("from", resume);
  heard = Date.now();
  source = new EventSource(`/live?${asked}`);
  const mine = source;
  const on = (name, act) => source.addEventListener(name, (event) => { if (mine === source) { heard = Date.now(); act(event); } });
  on("hello", (event) => { retry = 0; connected(); pass({ kind: "sync", topics: open }); resume ||= event.lastEventId; });
  on("beat", (event) => { if (event.lastEventId) resume = event.lastEventId; });
  on("reset", (event) => { resume = event.lastEventId; pass({ kind: "sync", topics: open, reset: true, id: resume }); });
  on("message", (event) => {
    const { n, topic, kind, data } = JSON.parse(event.data);
    if (event.lastEventId) resume = event.lastEventId;
    pass({ kind: "event", event: { id: event.lastEventId || resume, n, topic, kind, data } });
  });
  on("refused", (event) => event.data === "session" && pass({ kind: "signed-out" }));
  source.onerror = () => { if (mine === source) lost(); };
}

function pass(message) {
  channel?.postMessage(message);
  deliver(message);
}

function connected() {
  lostAt = 0;
  pass({ kind: "state", state: "connected" });
}

function lost() {
  lostAt ||= now();
  pass({ kind: "state", state: navigator.onLine && retry < 4 ? "reconnecting" : "offline", since: lostAt });
  source?.close();
  source = null;
  retry += 1;
  if (retry === 3) askWhy();
  schedule(Math.min(10_000, 250 * 2 ** Math.min(retry, 6)) * (0.75 + Math.random() / 2));
}

/** An EventSource does not tell its status: a plain request does, and shows whether the session has ended. */
async function askWhy() {
  const asked = await fetch(`/live?${new URLSearchParams({ topics: open.join(",") })}`, { headers: { Accept: "application/json" } }).catch(() => null);
  asked?.body?.cancel();
  if (asked?.status === 401) pass({ kind: "signed-out" });
}

async function forgetVanished() {
  if (!shared) return;
  const { held } = await navigator.locks.query();
  const alive = new Set(held.map((lock) => lock.name));
  for (const tab of tabs.keys()) if (!alive.has(`${LOCK}:${tab}`)) keep({ kind: "bye", tab });
}

function lead() {
  leading = true;
  resume = lastId;
  keep({ kind: "want", tab: me, topics: wanted(), last: lastId });
  channel?.postMessage({ kind: "who" });
  setInterval(() => { if (source && Date.now() - heard > SILENT_MS) lost(); }, 5000);
  setInterval(forgetVanished, GONE_MS);
  addEventListener("online", () => schedule(0));
  addEventListener("offline", () => source && lost());
}

if (shared) {
  navigator.locks.request(`${LOCK}:${me}`, () => new Promise(() => {})); // says that this tab lives
  navigator.locks.request(LOCK, () => { lead(); return new Promise(() => {}); });
} else {
  lead();
}
