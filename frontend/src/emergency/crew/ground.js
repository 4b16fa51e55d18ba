// Prepares the page before anything reads it: language, light and clock of a page that may come from the device.

const root = document.documentElement;
const cookie = (name) => document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.split("=")[1] ?? null;

// The kept page was made in one language: both catalogues' addresses stand on it.
const tongue = { "zh-CN": "zh-CN", en: "en" }[cookie("banyan_lang")] ?? root.lang;
root.lang = tongue;
root.dataset.messages = tongue === "zh-CN" ? root.querySelector("meta[name=messages-zh]").content : "";

// The server's "now" on a kept page is old: this page asks for the time itself.
const setting = JSON.parse(root.dataset.clock || "{}");
delete setting.serverNow;
root.dataset.clock = JSON.stringify(setting);

const LIGHT = "banyan_crew_light";
/** "light", "dark" or "auto": by the user's choice, at first by the hour of the night. */
export const lightChosen = () => localStorage.getItem(LIGHT) ?? "auto";

export function setLight(choice = lightChosen(), hour = new Date().getHours()) {
  localStorage.setItem(LIGHT, choice);
  const dark = choice === "dark" || (choice === "auto" && (hour >= 19 || hour < 7));
  root.dataset.theme = dark ? "dark" : "light";
  document.querySelector("meta[name=theme-color]").content = getComputedStyle(root).getPropertyValue("--surface-1").trim();
}

export function setLanguage(tag) {
  document.cookie = `banyan_lang=${tag}; Path=/; Max-Age=31536000; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
  location.reload();
}

const KEPT = "banyan_crew_kept";
/** A cookie beside the database: it outlives a cleared database and says what was in it. */
export const noteKept = (count) => {
  document.cookie = `${KEPT}=${count}.${Date.now()}; Path=/emergency; Max-Age=2592000; SameSite=Lax`;
};
export function keptBefore() {
  const [count, at] = (cookie(KEPT) ?? "0.0").split(".").map(Number);
  return { count, at };
}

setLight();
