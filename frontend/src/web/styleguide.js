// The style guide's buttons that show what floats, and its map.
import { t } from "./i18n.js";
import { escape } from "./icons.js";
import { openMap } from "./map.js";
import { toast, undo } from "./ui.js";

document.addEventListener("click", ({ target }) => {
  const kind = target.closest("[data-toast]")?.dataset.toast;
  if (kind === "done") toast(t("Saved"));
  if (kind === "problem") toast(t("The server refused it: somebody else has changed the bed figures."), "problem");
  if (target.closest("[data-undo]")) undo(t("Unit 03 sent"), () => toast(t("Taken back")));
});

const holder = document.querySelector(".guide-map");
if (holder) {
  const [west, south, east, north] = holder.dataset.bounds.split(",").map(Number);
  const at = (x, y) => ({ lon: west + (east - west) * x, lat: south + (north - south) * y });
  const map = await openMap(holder, { bounds: [[west, south], [east, north]] });
  const call = at(0.55, 0.52), unit = at(0.44, 0.6), hospital = at(0.6, 0.66);
  map.markers("calls", [{ id: "call", ...call, html: '<span class="lv" data-l="1">I</span>', css: "callpin sel", label: t("Call") }]);
  map.markers("units", [{ id: "03", ...unit, rotate: 130, label: t("Unit 03"),
    html: `<span class="unitmark"><svg class="turn" viewBox="-10 -12 20 24" aria-hidden="true"><path class="un best" d="M0-9 7 8 0 4-7 8z"/></svg><b>03</b></span>` }]);
  map.markers("hospitals", [{ id: "h", ...hospital, css: "div", label: t("Hospital"),
    html: `<span class="hchip"><b>${escape(t("Hospital"))}</b><span class="n">58 %</span></span>` }]);
  map.line("route", [unit, call].map(({ lon, lat }) => [lon, lat]), { css: "route" });
  map.fit([unit, call, hospital].map(({ lon, lat }) => [lon, lat]));
  holder.dataset.ready = "";
}
