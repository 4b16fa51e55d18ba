// The hospital's time points: one tap takes the time of now; a taken one can be set right to the minute.
import { html, nothing } from "lit-html";
import { clock, now, span } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { pic, shape } from "./pictures.js";
import { POINT, POINTS_OF, said } from "./words.js";

export function timesCard(page, state) {
  const points = POINTS_OF[state.pathway] ?? POINTS_OF.other;
  return html`<section class="card times" aria-labelledby="times"><header>${pic("clock")}<h2 id="times">${t("Times")}</h2></header>
    ${targets(state)}<ul class="tp">${points.map((point) => one(page, state, point))}</ul></section>`;
}

function targets(state) {
  const shown = state.targets.filter((each) => each.begun && each.limit_min !== null && each.limit_min !== undefined);
  if (!shown.length) return nothing;
  return html`<ul class="goals">${shown.map((each) => {
    const due = each.due_at ? Date.parse(each.due_at) - now() : 0;
    const words = each.state === "met" ? t("met, {time}", { time: span(each.minutes * 60) }) : each.state === "pending" ? t("{time} left", { time: span(due / 1000) })
      : each.overdue ? t("{time} over", { time: span(-due / 1000) }) : each.state === "missed" ? t("missed, {time}", { time: span(each.minutes * 60) }) : t("times contradict");
    const css = each.state === "met" ? "ok-c" : each.state === "pending" ? "" : "me-c";
    return html`<li title=${each.source}><span>${said(each.name)} <small>${each.target} ${t("min")}${each.status === "memory" ? html` · ${t("target unverified")}` : nothing}</small></span>
      <b class=${css}>${each.state === "met" ? pic("check", "s") : css ? shape("medium") : nothing}${words}</b></li>`;
  })}</ul>`;
}

function one(page, state, point) {
  const taken = state.times[point];
  const waits = page.acts.waits(`time/${point}`);
  if (taken) {
    return html`<li class="done"><span>${pic("check", "s")} ${POINT[point]}</span><span><b>${clock(taken.at, "seconds")}</b> <small>${waits ? t("sending") : taken.by}</small></span>
      ${page.treats ? html`<button class="ico" aria-label=${t("Set {name} right", { name: POINT[point] })} @click=${() => correct(page, point, taken.at)}>${pic("pen")}</button>` : nothing}</li>`;
  }
  if (!page.treats) return html`<li class="open"><span>${POINT[point]}</span><span class="two">—</span></li>`;
  return html`<li><button class="btn" @click=${() => take(page, point, null)} ?disabled=${waits}>${pic("clock")}<span>${POINT[point]}</span></button></li>`;
}

function take(page, point, at) {
  const moment = at ?? new Date(now()).toISOString();
  return page.acts.run(`time/${point}`, {
    send: () => page.send("times", at ? { point, at } : { point }),
    overlay: (copy) => { copy.times[point] = { at: moment, by: t("You"), source: "manual" }; },
  });
}

// Steps of a minute instead of a keyboard; the earlier record stays, this one counts.
function correct(page, point, from) {
  let at = Date.parse(from);
  const box = document.createElement("dialog");
  box.className = "sheet ask";
  box.setAttribute("aria-labelledby", "right-title");
  box.innerHTML = `<header><h1 id="right-title"></h1></header><div class="in setright"><output></output><div class="row wrap"></div></div>
    <footer><button class="btn go"></button><button class="btn"></button></footer>`;
  box.querySelector("h1").textContent = POINT[point];
  const shown = box.querySelector("output");
  const show = () => { shown.textContent = clock(at, "seconds"); };
  for (const minutes of [-10, -5, -1, 1, 5, 10]) {
    const words = minutes < 0 ? `−${-minutes}` : `+${minutes}`;
    box.querySelector(".row").append(Object.assign(document.createElement("button"), { className: "btn", textContent: t("{n} min", { n: words }), onclick: () => { at = Math.min(now(), at + minutes * 60_000); show(); } }));
  }
  const [keep, cancel] = box.querySelectorAll("footer button");
  Object.assign(keep, { textContent: t("Keep this time"), onclick: () => { box.close(); take(page, point, new Date(at).toISOString()); } });
  Object.assign(cancel, { textContent: t("Cancel"), onclick: () => box.close() });
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  show();
  box.showModal();
}
