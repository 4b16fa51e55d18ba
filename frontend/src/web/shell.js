// What every page has: the menu, the shortcuts sheet, language and light, the clock, the sync mark.
import htmx from "htmx.org";
import { keepTime, now } from "./clock.js";
import { icon, escape } from "./icons.js";
import { t } from "./i18n.js";
import { onState } from "./live.js";
import { enhanceTables } from "./tables.js";
import { keepForms } from "./forms.js";

const html = document.documentElement;
window.htmx = htmx;
// Its settings stand in the page's head: the security policy forbids inline sheets and evaluated scripts.
document.addEventListener("htmx:configRequest", ({ detail }) => { detail.headers["X-Banyan"] = "1"; });

const remember = (name, value) => {
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
};

function setTheme(theme) {
  html.dataset.theme = theme;
  remember("banyan_theme", theme);
  document.dispatchEvent(new CustomEvent("banyan:theme", { detail: theme }));
}

function setLanguage(tag) {
  remember("banyan_lang", tag);
  location.reload();
}

const keyRow = ([keys, text]) =>
  `<div><span>${escape(text)}</span><span class="nb">${keys.split(" ").map((k) => `<kbd>${escape(k)}</kbd>`).join(" ")}</span></div>`;

/** The shortcuts of this page: pages add theirs with shortcuts([["F2", "New call"], …]). */
const known = [["/", t("Find")], ["U", t("Undo the last act")], ["?", t("This sheet")], ["Esc", t("Close")]];
export const shortcuts = (list) => known.unshift(...list);

function shortcutsSheet() {
  let box = document.getElementById("shortcuts");
  if (box?.open) return box.close();
  if (!box) {
    box = document.createElement("dialog");
    box.id = "shortcuts";
    box.className = "sheet";
    box.setAttribute("aria-labelledby", "shortcuts-title");
    document.body.append(box);
  }
  const here = known.filter(([keys]) => keys !== "/" || document.getElementById("find"));
  box.innerHTML = `<header><h1 id="shortcuts-title">${escape(t("Keyboard shortcuts"))}</h1>
    <button class="btn bare sq" data-close aria-label="${escape(t("Close"))}">${icon("x")}</button></header>
    <div class="cols">${here.map(keyRow).join("")}</div>`;
  box.showModal();
}

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  if (at("[data-lang]")) setLanguage(at("[data-lang]").dataset.lang);
  else if (at("[data-theme-switch]")) setTheme(html.dataset.theme === "dark" ? "light" : "dark");
  else if (at("[data-keys]")) shortcutsSheet();
  else if (at("[data-close]")) at("dialog")?.close();
  else if (at("[data-open]")) document.getElementById(at("[data-open]").dataset.open)?.showModal();
  else if (at("[data-menu]")) toggleMenu();
  else if (html.classList.contains("nav") && !at("nav.side")) toggleMenu(false);
  for (const open of document.querySelectorAll("details.who[open]")) if (!open.contains(event.target)) open.open = false;
});

function toggleMenu(open = !html.classList.contains("nav")) {
  html.classList.toggle("nav", open);
  document.querySelector("[data-menu]")?.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("nav.side a")?.focus();
}

const typing = (target) => target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && html.classList.contains("nav")) return toggleMenu(false);
  const account = event.key === "Escape" && document.querySelector("details.who[open]");
  if (account) {
    account.open = false;
    return account.querySelector("summary").focus();
  }
  if (typing(event.target)) return event.key === "Escape" && event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const undo = document.querySelector(".undo button");
  if (event.key.toLowerCase() === "u" && undo) undo.click();
  else if (event.key === "?") { event.preventDefault(); shortcutsSheet(); }
  else if (event.key === "/" && document.getElementById("find")) { event.preventDefault(); document.getElementById("find").focus(); }
});

/** Bars say how full they are in data-fill (0 to 100): the policy allows no style in markup. */
export function fillBars(scope = document) {
  for (const bar of scope.querySelectorAll("[data-fill]")) bar.style.width = `${Math.min(100, Number(bar.dataset.fill))}%`;
  for (const tick of scope.querySelectorAll("[data-tick]")) tick.style.left = `${tick.dataset.tick}%`;
}

function enhance(scope) {
  fillBars(scope);
  keepTime(scope);
  enhanceTables(scope);
  keepForms(scope);
}

/** The session has ended: the page stays as it is, and comes back with everything typed after signing in. */
document.addEventListener("banyan:signed-out", () => {
  if (document.getElementById("signed-out")) return;
  const box = document.createElement("dialog");
  box.id = "signed-out";
  box.className = "sheet ask";
  box.setAttribute("aria-labelledby", "signed-out-title");
  const back = encodeURIComponent(location.pathname + location.search);
  box.innerHTML = `<header><h1 id="signed-out-title">${escape(t("Your session has ended"))}</h1></header>
    <div class="in"><p>${escape(t("What you typed is kept on this device. Sign in again and you are back here with it."))}</p></div>
    <footer><a class="btn go" href="/signin?expired=1&next=${back}">${icon("login")}${escape(t("Sign in again"))}</a>
    <button class="btn" data-close>${escape(t("Not now"))}</button></footer>`;
  document.body.append(box);
  box.addEventListener("close", () => box.remove());
  box.showModal();
});

enhance(document);
document.addEventListener("htmx:load", ({ detail }) => enhance(detail.elt));
onState(() => {});
// The second turns with the region's clock, so that all clocks of a wall change together.
(function tick() {
  keepTime();
  setTimeout(tick, 1000 - (now() % 1000));
})();
