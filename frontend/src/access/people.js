// People: filters that submit themselves, the rules of the chosen role, copying a link, asking before closing.
import { t } from "../web/i18n.js";
import { confirm, toast } from "../web/ui.js";

for (const select of document.querySelectorAll("select[data-submit]")) select.addEventListener("change", () => select.form.submit());

for (const radio of document.querySelectorAll("input[type=radio][name=role]"))
  radio.addEventListener("change", () => {
    for (const box of document.querySelectorAll("[data-rules]")) box.hidden = box.dataset.rules !== radio.value;
  });

for (const button of document.querySelectorAll("[data-copy]"))
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(text.textContent);
      toast(t("Copied"));
    } catch {
      getSelection().selectAllChildren(text);
      toast(t("Copy it with Ctrl+C: this browser does not allow it from a page without HTTPS."), "wait");
    }
  });

for (const form of document.querySelectorAll("form[data-confirm]"))
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const asked = { title: form.dataset.confirm, text: form.dataset.confirmText, act: form.querySelector("button").textContent, danger: true };
    if (await confirm(asked)) form.submit();
  });
