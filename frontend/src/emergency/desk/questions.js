// Question sets: which question comes next, which key answers, what level the answers give.
import { html, nothing } from "lit-html";
import { t } from "../../web/i18n.js";
import { said } from "./words.js";

const LETTERS = { yes: "Y", no: "N", unknown: "U" };

/** The key of an option: Y, N, U for those words, else its place in the list. */
export const keyOf = (option, at) => LETTERS[option.value] ?? String(at + 1);

/** The option that a key chooses, or undefined. */
export const optionFor = (question, key) => question.options.find((option, at) => keyOf(option, at) === key.toUpperCase());

/** The level that the answers give: an answer can only make a case more urgent than its set (questions.py). */
export function levelOf(set, answers) {
  if (!set) return null;
  const given = set.questions.map((question) => question.options.find((option) => option.value === answers[question.id])?.level).filter(Boolean);
  return Math.min(set.default_level, ...given);
}

export const nextOf = (set, answers) => set?.questions.find((question) => !answers[question.id]) ?? null;
export const countOf = (set, answers) => set?.questions.filter((question) => answers[question.id]).length ?? 0;

/** The answers of a case by question, found again by their words: the view carries words. */
export function answersOf(view, set) {
  const found = {};
  for (const { id, answer } of view?.answers ?? []) {
    const option = set?.questions.find((question) => question.id === id)?.options.find((each) => each.text.zh === answer.zh);
    if (option) found[id] = option.value;
  }
  return found;
}

/** The question to ask now, with one button and one key an answer. */
export function asking(question, answer) {
  if (!question) return nothing;
  return html`<div class="q now" role="group" aria-labelledby="q-now" tabindex="-1" id="asking">
    <b id="q-now">${said(question.text)}</b>
    <div class="ans">${question.options.map((option, at) => html`<button type="button" class="btn" data-answer=${option.value} @click=${() => answer(question, option)}>
      <kbd>${keyOf(option, at)}</kbd><span>${said(option.text)}</span></button>`)}</div></div>`;
}

/** What was answered; a click asks again. */
export function answered(set, answers, again) {
  return set.questions.filter((question) => answers[question.id]).map((question) => {
    const option = question.options.find((each) => each.value === answers[question.id]);
    const hot = option?.level && option.level <= 2;
    return html`<button type="button" class="q" @click=${() => again(question)} title=${t("Ask again")}><span class="two">${said(question.text)}</span>
      <span class="a ${hot ? "hot" : ""}">${hot ? "▲ " : ""}${said(option?.text)}</span></button>`;
  });
}
