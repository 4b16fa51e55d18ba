// What every page of the hospital does: draws in the next frame, each second, and says when it is not live.
import { html, nothing } from "lit-html";
import { clock, now } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { onState } from "../../web/live.js";
import { pic } from "./pictures.js";

/** Answers draw(): the view is drawn in the next frame, once however often it is asked. */
export function drawer(view) {
  let due = 0;
  const draw = () => { due ||= requestAnimationFrame(() => { due = 0; view(); }); };
  (function eachSecond() {
    draw();
    setTimeout(eachSecond, 1000 - (now() % 1000));
  })();
  return draw;
}

/** Empties the places that the server filled with a skeleton, before the script draws in them. */
export function clear(...places) {
  for (const place of places) place.replaceChildren();
}

/** The state of the live line: {state, since}; draws when it changes. */
export function liveLine(draw) {
  const line = { state: "reconnecting", since: null };
  onState((state) => {
    if (state !== line.state) Object.assign(line, { state, since: state === "connected" ? null : line.since ?? now() });
    draw();
  });
  return line;
}

export const offlineBar = (line) => (line.state !== "offline" ? nothing : html`<div class="offbar" role="status">${pic("offline")}
  <p><b>${line.since ? t("Offline since {time}.", { time: clock(line.since) }) : t("Offline.")}</b> ${t("What you see is from before, and says how old it is. Nothing can be sent until the network is back.")}</p></div>`);

/** A skeleton: it appears only when loading takes longer than people notice. */
export const loading = html`<div class="skeleton" role="status"><span class="vh">${t("Loading")}</span>
  ${[0, 1, 2, 3, 0, 1].map((i) => html`<span class="sk w${i}"></span>`)}</div>`;

/** What went wrong, what is safe, what to do. */
export function failed(problem, again) {
  const denied = problem.status === 403;
  const gone = problem.status === 404;
  const title = denied ? t("You may not see this") : gone ? t("There is no such case") : t("This cannot be shown now");
  const hint = denied ? t("It is for the staff of the hospital that the patient was announced to. If it is your patient, ask the dispatcher to announce it to your hospital.")
    : gone ? t("Look at the address, or open the case from the list of incoming patients.") : t("Everything that was acknowledged before is stored.");
  return html`<section class="card"><div class="void ${denied ? "none" : "err"}" role="alert">${pic(denied ? "lock" : "alert", "l")}<h2>${title}</h2><p>${problem.message}</p><p class="two">${hint}</p>
    <p class="row wrap"><button class="btn go" @click=${again}>${pic("refresh")}<span>${t("Load again")}</span></button></p></div></section>`;
}

/** A page that shows what it knows although the last reading failed. */
export const partial = (problem, again) => (problem ? html`<div class="offbar" role="status">${pic("alert")}
  <p class="grow"><b>${t("The last reading failed.")}</b> ${problem.message}</p><button class="btn small" @click=${again}>${t("Load again")}</button></div>` : nothing);
