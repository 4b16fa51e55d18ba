// Forms that lose nothing: <form data-keep="name"> is kept on this device at each keystroke until it is sent.
import { t } from "./i18n.js";
import { toast } from "./ui.js";

const user = document.documentElement.dataset.user || "";
const keyOf = (form) => `banyan:form:${user}:${location.pathname}:${form.dataset.keep}`;
const kept = (control) => control.name && !["password", "file", "hidden", "submit"].includes(control.type) && !control.hasAttribute("data-secret");

function save(form) {
  const values = [...form.elements].filter(kept).map((c) => [c.name, c.type === "checkbox" || c.type === "radio" ? [c.value, c.checked] : c.value]);
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify(values));
  } catch {
    toast(t("This browser's storage is full: what you type is not kept if you leave the page."), "problem");
  }
}

function restore(form) {
  const text = sessionStorage.getItem(keyOf(form));
  if (!text) return;
  for (const [name, value] of JSON.parse(text)) {
    const found = [...form.elements].filter((control) => control.name === name && kept(control));
    if (Array.isArray(value)) found.filter((c) => c.value === value[0]).forEach((c) => { c.checked = value[1]; });
    else if (found.length === 1) found[0].value = value;
  }
}

/** Forgets a kept form: call it when the server has acknowledged what was typed. */
export const forget = (form) => sessionStorage.removeItem(keyOf(form));

export function keepForms(scope) {
  for (const form of scope.querySelectorAll("form[data-keep]:not([data-kept])")) {
    form.dataset.kept = "";
    if (form.querySelector(".sum")) save(form); // the server sent it back with errors: its values are the newest
    else restore(form);
    form.addEventListener("input", () => save(form));
    form.addEventListener("submit", () => save(form));
  }
  const done = document.documentElement.dataset.forget;
  if (done) sessionStorage.removeItem(`banyan:form:${user}:${done}`);
  scope.querySelector?.(".sum:not([data-quiet])")?.focus();
}
