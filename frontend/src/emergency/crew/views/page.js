// Chooses the view by the address, and lays what floats over it.
import { html, nothing } from "lit-html";
import { destination } from "./destination.js";
import { drugs } from "./drugs.js";
import { ecg } from "./ecg.js";
import { handover } from "./handover.js";
import { identity, stopScan } from "./identity.js";
import { main } from "./main.js";
import { messages } from "./messages.js";
import { notes } from "./notes.js";
import { notice } from "./notice.js";
import { score, scores } from "./scores.js";
import { floating, orderScreen, undoBar } from "./sheets.js";
import { times } from "./times.js";
import { vitals } from "./vitals.js";
import { waiting } from "./waiting.js";

const VIEWS = { main, vitals, identity, destination, drugs, ecg, scores, notes, notice, messages, times, waiting, handover };

function body(app) {
  const [name, rest] = app.route.split("/");
  if (name !== "identity" && app.camera) stopScan(app);
  if (name === "waiting") return waiting(app);
  if (!app.view) return main(app);
  if (name === "score") return score(app, rest);
  return (VIEWS[name] ?? main)(app);
}

export function page(app) {
  const order = app.orders.length ? orderScreen(app) : nothing;
  return html`<div class="cab" ?inert=${Boolean(app.sheet) || app.orders.length > 0}>${body(app)}</div>${undoBar(app)}${order}${floating(app)}`;
}
