// The region's clock: real, or the demo's story time, by the same sum as the server's (banyan/clock.py).
import { lang, t, tn } from "./i18n.js";

const setting = JSON.parse(document.documentElement.dataset.clock || "{}");
const zone = setting.timezone || Intl.DateTimeFormat().resolvedOptions().timeZone;
// How far this device's clock is off the server's, in ms; api.js measures it from answers' Date.
let offset = Number(setting.serverNow ? Date.parse(setting.serverNow) - Date.now() : 0);
if (Math.abs(offset) < 2000) offset = 0; // a page's way through the network is no clock error

export const setOffset = (ms) => { offset = ms; };
export const clockOffset = () => offset;

/** Now, in the region's time: ms since 1970. A demo's story runs faster until it meets the wall clock. */
export function now() {
  const wall = Date.now() + offset;
  if (!setting.storyStart) return wall;
  const story = Date.parse(setting.storyStart) + (wall - Date.parse(setting.wallStart)) * setting.rate;
  return Math.min(wall, story);
}

/** How fast the region's time runs just now: 1, or the demo's rate. */
export const rate = () => (setting.storyStart && now() < Date.now() + offset ? setting.rate : 1);

/** The age of a value in words, and whether it is older than twice its expected interval (seconds). */
export function age(iso, expected = 60) {
  const seconds = Math.max(0, (now() - (typeof iso === "number" ? iso : Date.parse(iso))) / 1000);
  return { text: ageText(seconds), stale: seconds > 2 * expected, seconds };
}

export function ageText(seconds) {
  if (seconds < 5) return t("now");
  if (seconds < 60) return t("{n} s ago", { n: Math.floor(seconds) });
  if (seconds < 3600) return t("{n} min ago", { n: Math.floor(seconds / 60) });
  if (seconds < 86400) return t("{n} h ago", { n: Math.floor(seconds / 3600) });
  return tn("{n} day ago", "{n} days ago", Math.floor(seconds / 86400));
}

const format = (options) => new Intl.DateTimeFormat(lang, { timeZone: zone, hourCycle: "h23", ...options });
const times = {
  time: format({ hour: "2-digit", minute: "2-digit" }),
  seconds: format({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  date: format({ month: "short", day: "numeric", weekday: "short" }),
  full: format({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" }),
};

/** 14:32, 14:32:08 ("seconds"), 12 Mar Thu ("date") or all of it ("full"), in the region's zone. */
export const clock = (at, form = "time") => times[form].format(typeof at === "number" ? at : Date.parse(at));

/** A span of seconds as 0:50, 14:20 or 1:02:03. */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds)), two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Keeps every <time data-age datetime> and every clock of the page at its true text. */
export function keepTime(scope = document) {
  for (const element of scope.querySelectorAll("time[data-age]")) {
    const { text, stale } = age(element.getAttribute("datetime"), Number(element.dataset.age) || 60);
    if (element.textContent !== text) element.textContent = text;
    (element.closest("[data-value]") ?? element).classList.toggle("stale", stale);
  }
  for (const element of scope.querySelectorAll("[data-clock-now]")) {
    const text = clock(now(), element.dataset.clockNow || "seconds");
    if (element.textContent !== text) element.textContent = text;
  }
}
