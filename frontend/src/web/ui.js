// What floats over a page: toasts, undo, dialogs, spoken alarms.
import { icon, escape } from "./icons.js";
import { t } from "./i18n.js";

const UNDO_MS = 10_000;
let toasts = 0;

function place() {
  let holder = document.getElementById("toasts");
  if (!holder) {
    holder = document.createElement("div");
    holder.id = "toasts";
    holder.className = "toasts";
    document.body.append(holder);
  }
  return holder;
}

function show(markup, css, role) {
  const box = document.createElement("div");
  box.className = css;
  box.id = `toast-${++toasts}`;
  box.setAttribute("role", role);
  box.innerHTML = markup;
  place().append(box);
  return box;
}

/** A short word at the foot of the page: kind is "done", "wait" or "problem"; a problem stays until closed. */
export function toast(text, kind = "done") {
  const mark = { done: icon("check"), wait: icon("clock"), problem: icon("alert-triangle") }[kind];
  const close = `<button class="btn bare sq" aria-label="${escape(t("Close"))}">${icon("x")}</button>`;
  const box = show(`${mark}<span>${escape(text)}</span>${close}`, `toast ${kind}`, kind === "problem" ? "alert" : "status");
  box.querySelector("button").onclick = () => box.remove();
  if (kind !== "problem") setTimeout(() => box.remove(), 6000);
  return box;
}

/** What was done, and the way back: calls back() if the reader takes it within ms; resolves true if undone. */
export function undo(text, back, ms = UNDO_MS) {
  document.querySelectorAll(".undo").forEach((old) => old.remove());
  const button = `<button class="btn tiny">${escape(t("Undo"))} <kbd>U</kbd></button>`;
  const box = show(`<span>${escape(text)}</span>${button}<i></i>`, "undo", "status");
  box.querySelector("i").style.animationDuration = `${ms}ms`;
  return new Promise((resolve) => {
    const end = setTimeout(() => { box.remove(); resolve(false); }, ms);
    box.querySelector("button").onclick = async () => {
      clearTimeout(end);
      box.remove();
      try {
        await back();
        resolve(true);
      } catch (problem) {
        toast(problem.message, "problem");
        resolve(false);
      }
    };
  });
}

/** Opens a <dialog> already in the page, by id or element; resolves with its return value. */
export function dialog(which) {
  const box = typeof which === "string" ? document.getElementById(which) : which;
  box.returnValue = "";
  if (!box.open) box.showModal();
  return new Promise((resolve) => box.addEventListener("close", () => resolve(box.returnValue), { once: true }));
}

/** Asks before what cannot be undone, and says what will happen; resolves true or false. */
export async function confirm({ title, text, act, danger = false }) {
  const box = document.createElement("dialog");
  box.className = "sheet ask";
  box.setAttribute("aria-labelledby", "ask-title");
  box.innerHTML = `<form method="dialog"><header><h1 id="ask-title">${escape(title)}</h1></header>
    <div class="in"><p>${escape(text)}</p></div>
    <footer><button class="btn ${danger ? "alarm" : "go"}" value="yes">${escape(act)}</button>
    <button class="btn" value="" autofocus>${escape(t("Cancel"))}</button></footer></form>`;
  document.body.append(box);
  const answer = await dialog(box);
  box.remove();
  return answer === "yes";
}

/** Speaks through the page's live region; only alarms may interrupt. */
export function say(text, { alarm = false } = {}) {
  const region = document.getElementById(alarm ? "say-alarm" : "say");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}

/** The sync mark: "saved", "waiting" with a count, or "offline" with a time. */
export function syncMark(state, detail = "") {
  const words = {
    saved: t("Saved · online"),
    waiting: t("Waiting ({n})", { n: detail }),
    reconnecting: t("Reconnecting"),
    offline: detail ? t("Offline since {time}", { time: detail }) : t("Offline"),
  };
  const css = { saved: "", waiting: "wait", reconnecting: "wait", offline: "off" }[state];
  for (const mark of document.querySelectorAll("[data-sync]")) {
    mark.className = `sync ${css}`.trim();
    mark.textContent = words[state];
  }
}
