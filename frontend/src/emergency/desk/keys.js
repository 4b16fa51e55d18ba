// The desk by keyboard alone: which key does what, and when a key belongs to what is being typed.
import { t } from "../../web/i18n.js";
import { shortcuts } from "../../web/shell.js";
import { optionFor } from "./questions.js";

export const listKeys = () => shortcuts([
  ["F2", t("Take a new call")], ["↑ ↓", t("Call before, call after")], ["1 2 3", t("Choose a unit, or answer the question asked")],
  ["Enter", t("Send the chosen unit")], ["O", t("Another unit, and why")], ["Z", t("Take the last dispatch back (10 s)")], ["Q", t("To the next question")],
  ["Y N U", t("Answer yes, no, not known")], ["W", t("A sentence to the crew")], ["M", t("Join the same incident")], ["A", t("Acknowledge the alarm")],
  ["C", t("The case of the alarm")], ["R", t("Recall a unit that does not answer")], ["P", t("Facts that wait to be filed")], ["Ctrl Enter", t("Take the call as typed")],
]);

const isTyping = (target) => target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const isChoice = (target) => target.matches?.("input[type=radio]");
// On these, Enter means the desk's Enter: a chosen row, a chosen unit, or nothing in particular.
const ownsEnter = (target) => !target.closest?.("button, a, summary, input, select, textarea") || target.matches(".call[aria-current=true], .opt[aria-checked=true], .job[aria-current=true], #send");

function answer(desk, key) {
  const question = desk.question;
  const option = question && optionFor(question, key);
  if (!option) return false;
  desk.answer(question, option);
  return true;
}

/** Digits answer while a call is taken or the question has the focus; else they choose a unit. */
function digit(desk, key) {
  if (desk.taking || document.activeElement?.closest("#asking")) return answer(desk, key);
  const option = desk.board.ranked[Number(key) - 1];
  if (option) desk.pick(option);
  return Boolean(option);
}

const LETTERS = {
  y: (desk) => answer(desk, "Y"), n: (desk) => answer(desk, "N"), u: (desk) => answer(desk, "U"),
  o: (desk) => desk.openOther(), z: (desk) => desk.acts.undo(), w: (desk) => desk.write(true), q: (desk) => desk.focusSoon("asking"),
  a: (desk) => desk.acts.acknowledge(desk.board.open[0]), c: (desk) => desk.openAlarm(), m: (desk) => desk.join(), p: (desk) => desk.openParked(), r: (desk) => desk.recallAndNext(),
};

/** An arrow within the list of units walks through it; anywhere else it walks through the calls. */
function arrow(desk, by, target) {
  if (!target.closest("#options")) return desk.board.step(by);
  const all = [...document.querySelectorAll("#options .opt")], next = all[all.indexOf(target.closest(".opt")) + by];
  next?.focus();
  next?.click();
}

function onKey(desk, event) {
  const { key, target } = event;
  if (key === "F2") { event.preventDefault(); return desk.newCall(); }
  if (document.querySelector("dialog[open]")) return;
  if (key === "Enter" && (event.ctrlKey || event.metaKey) && desk.taking) { event.preventDefault(); return desk.saveCall(); }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === "Escape" && !isTyping(target)) return desk.back();
  if (isTyping(target)) {
    if (key === "Enter" && target.closest(".newcall")) { event.preventDefault(); nextField(target); }
    return;
  }
  if ((key === "ArrowDown" || key === "ArrowUp") && !isChoice(target) && !desk.taking) { event.preventDefault(); return arrow(desk, key === "ArrowDown" ? 1 : -1, target); }
  if (/^[1-9]$/.test(key)) { if (digit(desk, key)) event.preventDefault(); return; }
  if (key === "Enter" && !desk.taking && ownsEnter(target)) { event.preventDefault(); return desk.sendNow(); }
  const act = LETTERS[key.toLowerCase()];
  if (act && (!desk.taking || "ynu".includes(key.toLowerCase()))) { event.preventDefault(); act(desk); }
}

/** Enter in a field of the call goes on to the next, so that nothing is sent half typed. */
function nextField(target) {
  const fields = [...target.closest("form").querySelectorAll("input:not(.vh), input[type=radio]:checked, input[type=radio]:first-of-type, #take-call")];
  fields[fields.indexOf(target) + 1]?.focus();
}

export const followKeys = (desk) => document.addEventListener("keydown", (event) => onKey(desk, event));
