// What fails first: from calls, alarms, units and hospitals to a short list, the most pressing on top.
import { now, span } from "../../web/clock.js";
import { t } from "../../web/i18n.js";
import { said, unitName } from "../desk/words.js";

const FEW_ALS = 1; // so few advanced units free that the next level I call may wait
const FULL = 90; // percent of beds taken
const SHOWN = 5;

const ms = (iso) => Date.parse(iso);

/** Calls by when their limit runs out: past it first. */
function calls(rows) {
  return rows.filter((row) => row.status === "waiting").map((row) => {
    const due = ms(row.call_at) + row.limit_s * 1000, rest = (due - now()) / 1000;
    return { order: rest < 0 ? row.level / 10 : 5, due, late: rest < 0, level: row.level, title: `${said(row.complaint_text)} · ${row.number}`, when: rest < 0 ? t("{time} over", { time: span(-rest) }) : t("{time} left", { time: span(rest) }),
      why: t("waiting {time}, limit {limit}", { time: span((now() - ms(row.call_at)) / 1000), limit: span(row.limit_s) }), act: row.address };
  });
}

/** Alarms nobody has taken; those of a call that stands in the list already are left out. */
function alarms(list, waiting) {
  const listed = new Set(waiting.map((row) => row.case));
  return list.filter((alarm) => !alarm.acknowledged && !listed.has(alarm.case)).map((alarm) => ({
    order: { high: 1, medium: 3, low: 4 }[alarm.priority] ?? 4, due: ms(alarm.at), late: true, title: said(alarm.text), when: t("at once"), why: t("since {time}, nobody has taken it", { time: span((now() - ms(alarm.at)) / 1000) }), act: "",
  }));
}

function units(all) {
  const free = all.filter((unit) => unit.kind === "ALS" && ["available", "leaving", "returning"].includes(unit.state) && !unit.silent);
  if (!all.some((unit) => unit.kind === "ALS") || free.length > FEW_ALS) return [];
  const [last] = free;
  return [{ order: 2, due: now(), late: true, when: t("at once"), title: last ? t("One ALS unit left: {unit}", { unit: unitName(last.number) }) : t("No ALS unit free"), why: t("The next level I call waits for one to come back."), act: soonest(all) }];
}

/** Who comes free next, as far as states tell. */
function soonest(all) {
  const next = all.filter((unit) => unit.kind === "ALS" && ["handed_over", "at_hospital"].includes(unit.state)).sort((a, b) => (a.state === "handed_over" ? -1 : 1) - (b.state === "handed_over" ? -1 : 1))[0];
  return next ? t("{unit} is at a hospital: ask when it is free", { unit: unitName(next.number) }) : "";
}

function hospitals(rows) {
  return rows.flatMap((row) => {
    const name = said(row.name);
    if (row.diversion) return [{ order: 5, due: now() + 1000, late: false, when: t("now"), title: t("{name} diverts", { name }), why: row.diversion.reason ?? "", act: row.diversion.until ? t("until {time}", { time: clockOf(row.diversion.until) }) : "" }];
    if (row.load_percent >= FULL && !row.stale) return [{ order: 5, due: now() + 2000, late: false, when: t("now"), title: t("{name} at {n}%", { name, n: Math.round(row.load_percent) }), why: t("over the line of {n}%", { n: FULL }), act: "" }];
    return [];
  });
}

const zone = JSON.parse(document.documentElement.dataset.clock || "{}").timezone;
const clockOf = (iso) => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(ms(iso));

export function failing(state) {
  const found = [...calls(state.rows ?? []), ...alarms(state.alarms ?? [], (state.rows ?? []).filter((row) => row.status === "waiting")), ...units(state.units ?? []), ...hospitals(state.hospitals ?? [])];
  return found.sort((a, b) => a.order - b.order || a.due - b.due).slice(0, SHOWN);
}
