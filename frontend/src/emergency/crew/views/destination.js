// Which hospital: ranked for this patient now, each with its reason; another choice needs one too.
import { html, nothing } from "lit-html";
import { age, clock, now } from "../../../web/clock.js";
import { t } from "../../../web/i18n.js";
import { pic, shape } from "../pictures.js";
import { big, chips, foot, head } from "./parts.js";

const REASONS = [
  ["family", t("Family asks")], ["known", t("Known there")], ["road", t("Road blocked")], ["doctor", t("Doctor says")], ["changed", t("Patient changed")],
];

const TONE = { good: "ok", caution: "me", against: "me" };

/** Minutes to a hospital as the page may claim them: by road, or only a straight line. */
const minutes = (option) => (option.minutes === null ? "—" : `${option.estimate ? "≈" : ""}${option.minutes}`);

const source = (ranking) => {
  if (!ranking) return "";
  if (ranking.straight) return t("straight line from this device · hospital status {age}", { age: age(ranking.at).text });
  return ranking.old ? t("last known {age}", { age: age(ranking.at).text }) : "";
};

export function chosenOption(app) {
  const options = app.ranking?.options ?? [];
  const chosen = app.view.destination;
  return chosen ? options.find((option) => option.id === chosen.hospital) ?? { ...chosen, id: chosen.hospital, minutes: chosen.minutes ?? null, words: [] } : options[0] ?? null;
}

export function destinationWords(app) {
  const option = app.view && chosenOption(app);
  if (!option) return "";
  return option.minutes === null ? option.name : t("{name} · {n} min", { name: option.name, n: minutes(option) });
}

export function destinationCard(app) {
  const option = chosenOption(app);
  const ranking = app.ranking;
  if (!option) {
    return html`<button class="card dest" @click=${() => app.go("destination")}>${pic("hospital")}<span><b>${t("Destination")}</b>
      <span class="y">${t("The list comes with the network or the first finding")}</span></span><span class="o">${pic("right")}</span></button>`;
  }
  const stale = ranking?.old || ranking?.straight;
  const others = (ranking?.options.length ?? 1) - 1;
  const diverted = option.diverted && app.view.destination;
  return html`<button class="card dest ${diverted ? "f-me" : ""}" @click=${() => app.go("destination")}><span class="m ${stale ? "stale" : ""}">${minutes(option)}<small>${t("min")}</small></span>
    <span><b>${option.name}</b>${app.view.destination ? nothing : html` <span class="tag ok">${t("Suggested")}</span>`}
    <span class="y ${stale ? "stale" : ""}">${diverted ? html`${shape("me")} ${t("Now diverting: choose again")}` : stale ? source(ranking) : option.words.slice(0, 2).join(" · ")}</span></span>
    <span class="o"><span>${others > 0 ? t("{n} others", { n: others }) : ""}</span>${pic("right")}</span></button>`;
}

export function destination(app) {
  const form = app.form("destination");
  const ranking = app.ranking;
  const options = ranking?.options ?? [];
  const picked = options.find((option) => option.id === (form.values.hospital ?? app.view.destination?.hospital)) ?? options[0];
  const other = picked && options.length > 0 && picked !== options[0];
  const pick = (option) => form.set({ hospital: option.id, reason: undefined });
  return html`${head(app, t("Which hospital?"))}<main id="work" tabindex="-1">
    <p class="csub">${ranking?.straight ? html`${shape("me")} ${t("No network: straight lines from this device, not roads. Ask dispatch by radio when in doubt.")}` : t("Ranked for this patient now: road time, what is needed, live status")}
      ${ranking ? html`<span class=${ranking.old ? "me" : "mute"}> · ${age(ranking.at).text}</span>` : nothing}</p>
    ${options.length ? html`<div class="card" role="radiogroup" aria-label=${t("Hospitals")}>${options.map((option, i) => row(option, i, option === picked, pick))}</div>`
      : html`<section class="empty small"><p>${t("No list yet: it is asked for as soon as there is a network.")}</p></section>`}
    ${other ? html`<section><p class="clab">${t("Why this one instead?")}</p>${chips(REASONS, form.values.reason, (reason) => form.set({ reason }), t("Why this one instead?"))}</section>` : nothing}
    ${ranking?.passed?.length ? html`<p class="csub">${t("Passed over")}</p><section class="card">${ranking.passed.map(passedRow)}</section>` : nothing}
  </main>${picked ? foot(goButton(app, form, picked, other, options)) : nothing}`;
}

function row(option, place, checked, pick) {
  const due = option.minutes === null ? "" : clock(now() + option.minutes * 60_000);
  return html`<button class="h" role="radio" aria-checked=${String(checked)} @click=${() => pick(option)}><span class="m">${minutes(option)}<small>${t("min")}</small><small>${due}</small></span>
    <span><span class="nm"><span>${option.name}</span>${place ? nothing : html`<span class="tag ok">${t("Best")}</span>`}</span>
    ${option.why ? html`<span class="p">${option.why}</span>` : nothing}
    <span class="fact">${option.facts.map(({ tone, words }) => html`<span class=${TONE[tone] ?? ""}>${tone === "good" ? pic("check") : tone === "info" ? nothing : shape("me")}<span class="inkline">${words}</span></span>`)}</span>
    ${option.statusAt ? html`<span class="s ${age(option.statusAt, 1800).stale ? "stale" : ""}">${t("status {age}", { age: age(option.statusAt, 1800).text })}</span>` : nothing}</span>
    <span class="rd">${pic("check")}</span></button>`;
}

const passedRow = (option) => html`<div class="h no"><span class="m">${minutes(option)}<small>${t("min")}</small></span><span><span class="nm">${option.name}</span>
  <span class="p">${option.reasons.map((reason, i) => html`${i ? " · " : shape("me")} ${reason}`)}</span></span></div>`;

function goButton(app, form, picked, other, options) {
  const reason = REASONS.find(([value]) => value === form.values.reason)?.[1];
  const slower = other && picked.minutes !== null && options[0].minutes !== null ? picked.minutes - options[0].minutes : null;
  const detail = slower === null ? reason : slower >= 0 ? t("{reason} · {n} min slower", { reason, n: slower }) : t("{reason} · {n} min quicker", { reason, n: -slower });
  const arrive = picked.minutes === null ? "" : t("{n} min · expected {time}", { n: minutes(picked), time: clock(now() + picked.minutes * 60_000) });
  const words = other ? (reason ? detail : t("Choose a reason")) : arrive;
  return big({
    picture: "navigate", title: t("Go to {name}", { name: picked.name }), text: words, disabled: other && !reason,
    act: async () => {
      const rank = options.indexOf(picked) + 1;
      const data = { hospital: picked.id, name: picked.name, chosen_rank: rank || null, ...(other ? { override_reason: reason } : {}) };
      await app.record([["destination", data]], { words: t("Destination: {name}", { name: picked.name }) });
      await form.discard();
      app.go("main");
    },
  });
}
