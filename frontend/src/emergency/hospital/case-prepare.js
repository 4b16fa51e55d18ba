// The right column: what to prepare, whom to call, which times to take, another pathway, the handover.
import { html, nothing } from "lit-html";
import { clock } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { handoverCard } from "./case-handover.js";
import { timesCard } from "./case-times.js";
import { bar, pic, shape } from "./pictures.js";
import { PATHWAY, STATUS, said } from "./words.js";

export function preparation(page, state) {
  return html`${checklist(page, state)}${team(page, state)}${timesCard(page, state)}${handoverCard(page, state)}`;
}

function checklist(page, state) {
  const done = state.preparation.filter((each) => each.done).length;
  const urgent = state.level === 1 && done < state.preparation.length;
  return html`<section class="card prep" aria-labelledby="prep"><header><h2 id="prep">${t("Preparation")}</h2><span class="end"><b>${done} / ${state.preparation.length}</b> <span class="two small">${t("ready")}</span></span></header>
    <div class="psum"><span class=${urgent ? "hi b" : "b"}>${urgent ? shape("high") : nothing} ${PATHWAY[state.pathway] ?? state.pathway}</span>${bar((done / (state.preparation.length || 1)) * 100, "ok")}</div>
    <ul class="ck">${state.preparation.map((each) => item(page, each))}</ul>
    ${page.treats ? html`<div class="pfoot"><button class="btn" @click=${() => choosePathway(page, state)}>${pic("swap")}<span>${t("Change the pathway")}</span></button></div>` : nothing}</section>`;
}

function item(page, each) {
  const name = `prepare/${each.id}`;
  const set = (done) => page.send("preparation", { id: each.id, done });
  const toggle = () => page.acts.run(name, {
    send: () => set(!each.done), back: () => set(Boolean(each.done)), words: said(each.text),
    overlay: (copy) => {
      const found = copy.preparation.find((one) => one.id === each.id);
      if (found) found.done = each.done ? null : { by: t("You"), at: copy.now };
    },
  });
  const waits = page.acts.waits(name);
  return html`<li><button role="checkbox" aria-checked=${String(Boolean(each.done))} ?disabled=${!page.treats} @click=${toggle}><span class="bx">${pic("check", "s")}</span>
    <span><b>${said(each.text)}</b><small>${waits ? t("sending") : each.done ? each.done.by : ""}</small></span><span class=${each.done ? "two" : "due"}>${each.done && !waits ? clock(each.done.at) : said(each.due)}</span></button></li>`;
}

const NEXT = { none: "called", called: "coming", coming: "here" };

function team(page, state) {
  const all = state.team;
  const here = all.filter((each) => each.status === "here").length;
  const callAll = () => page.acts.run("team/all", {
    send: () => page.send("team", { role: "all", status: "called" }),
    overlay: (copy) => { for (const each of copy.team) if (!each.status) Object.assign(each, { status: "called", at: copy.now }); },
  });
  return html`<section class="card team" aria-labelledby="team"><header>${pic("users")}<h2 id="team">${t("Team")}</h2><span class="end"><b>${here} / ${all.length}</b> <span class="two small">${STATUS.here}</span></span></header>
    ${page.treats && all.some((each) => !each.status) ? html`<div class="pfoot"><button class="btn go" @click=${callAll} ?disabled=${page.acts.waits("team/all")}>${pic("bolt")}<span>${all.some((each) => each.status) ? t("Call the rest of the team") : t("Call the whole team")}</span></button></div>` : nothing}
    <ul class="mem">${all.map((each) => member(page, each))}</ul></section>`;
}

function member(page, each) {
  const name = `team/${each.role}`;
  const set = (status) => page.acts.run(name, {
    send: () => page.send("team", { role: each.role, status }),
    overlay: (copy) => Object.assign(copy.team.find((one) => one.role === each.role), { status, at: copy.now }),
  });
  const waits = page.acts.waits(name);
  const next = NEXT[each.status ?? "none"];
  return html`<li class=${each.status ?? "none"}><span><b>${said(each.name)}</b><small>${[each.person, each.status ? `${STATUS[each.status]} ${waits ? `· ${t("sending")}` : clock(each.at)}` : t("not called")].filter(Boolean).join(" · ")}</small></span>
    ${page.treats ? html`<span class="seg st3" role="group" aria-label=${said(each.name)}>${Object.entries(STATUS).map(([status, words]) => html`<button aria-pressed=${String(each.status === status)} class=${status === next ? "next" : ""} @click=${() => each.status !== status && set(status)}>${words}</button>`)}</span>` : nothing}</li>`;
}

function choosePathway(page, state) {
  const box = document.createElement("dialog");
  box.className = "sheet ask";
  box.setAttribute("aria-labelledby", "ways-title");
  const title = document.createElement("header");
  title.innerHTML = `<h1 id="ways-title"></h1>`;
  title.firstChild.textContent = t("Which pathway?");
  const choices = document.createElement("div");
  choices.className = "in ways";
  for (const [pathway, words] of Object.entries(PATHWAY)) {
    const button = Object.assign(document.createElement("button"), { className: "btn", textContent: words, onclick: () => { box.close(); change(page, state.pathway, pathway); } });
    button.setAttribute("aria-pressed", String(pathway === state.pathway));
    choices.append(button);
  }
  box.append(title, choices);
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

function change(page, before, pathway) {
  if (before === pathway) return null;
  const set = (to) => page.send("pathway", { pathway: to });
  return page.acts.run("pathway", { send: () => set(pathway), back: () => set(before), words: t("Pathway: {name}", { name: PATHWAY[pathway] }), overlay: (copy) => { copy.pathway = pathway; } });
}
