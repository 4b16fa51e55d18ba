// The style guide's buttons that show what floats.
import { t } from "./i18n.js";
import { toast, undo } from "./ui.js";

document.addEventListener("click", ({ target }) => {
  const kind = target.closest("[data-toast]")?.dataset.toast;
  if (kind === "done") toast(t("Saved"));
  if (kind === "problem") toast(t("The server refused it: somebody else has changed the bed figures."), "problem");
  if (target.closest("[data-undo]")) undo(t("Unit 03 sent"), () => toast(t("Taken back")));
});
