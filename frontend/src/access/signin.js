// Sign-in: shows the password on request and says when caps lock is on.
import { t } from "../web/i18n.js";

for (const button of document.querySelectorAll("[data-show]")) {
  const field = document.getElementById(button.dataset.show);
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.querySelector("span").textContent = shown ? t("Show") : t("Hide");
    field.focus();
  });
}

const caps = document.querySelector("[data-caps]");
document.addEventListener("keydown", (event) => {
  if (caps) caps.hidden = !event.getModifierState?.("CapsLock");
});
