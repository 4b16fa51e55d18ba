// Turns the server's view of a case into what the crew page shows.
import { lang, t } from "../../web/i18n.js";

/** The reader's language of a text that comes in both. */
export const said = (text) => (text === null || text === undefined ? "" : typeof text === "string" ? text : text[lang.startsWith("zh") ? "zh" : "en"] ?? text.zh ?? "");

/** An order on the accept screen, from the event or from the case. */
export function orderOf(view) {
  return {
    case: view.id ?? view.case, task: view.task?.id ?? view.task, at: view.task?.at ?? view.at ?? new Date().toISOString(), level: view.level,
    complaint: said(view.complaint_text), who: patientWords(view.patient), address: view.address?.text ?? view.address ?? "",
    note: view.address?.note ?? "",
  };
}

const patientWords = (patient) => (patient ? [{ male: t("M"), female: t("F") }[patient.sex], patient.age].filter((part) => part !== undefined && part !== null).join(" ") : "");

export const isOffered = (view) => view.task?.status === "requested";

/** Allergies, medicines, problems and the last ECG, in a few words each. */
export function historyOf(history) {
  if (!history) return null;
  return {
    allergies: history.allergies.map((each) => each.text), medicines: history.medications.map((each) => each.text),
    problems: history.problems.map((each) => each.text), lastEcg: history.last_ecg && `${history.last_ecg.at.slice(0, 10)} ${history.last_ecg.text}`,
    sources: history.sources ?? [],
  };
}

function vitalsOf(set) {
  const values = Object.entries(set).filter(([, value]) => value !== null && value !== undefined);
  return { absent: {}, ...Object.fromEntries(values) };
}

function destinationOf(chosen) {
  return chosen && {
    hospital: chosen.hospital, name: said(chosen.name), minutes: chosen.eta_s === null || chosen.eta_s === undefined ? null : Math.round(chosen.eta_s / 60),
    straight: chosen.straight, reason: chosen.override_reason, diverted: chosen.diverted, phone: chosen.phone,
  };
}

function noticeOf(notice) {
  return notice && {
    at: notice.at, level: notice.level, pathway: notice.pathway, acknowledgedBy: notice.acknowledged?.by ?? null,
    acknowledgedAt: notice.acknowledged?.at ?? null, escalated: Boolean(notice.escalated_at),
  };
}

/** The answers of the call that the crew needs: the alarming ones first. */
function answersOf(answers) {
  return [...answers].sort((a, b) => Number(b.hot) - Number(a.hot)).map((each) => said(each.answer)).filter(Boolean).slice(0, 5).join(" · ");
}

// A step is told twice, as a time and as the unit's state: one line says both.
const onceEach = (entry, i, all) => !entry.point || all.findIndex((other) => other.point === entry.point && other.at === entry.at) === i;

const EVENT = { time: "time", vitals: "vitals", ecg: "ecg", medication: "medication" };

export function caseOf(view) {
  const { patient = {} } = view;
  return {
    id: view.id, number: view.number, level: view.level, complaint: said(view.complaint_text), status: view.status,
    pathway: view.notice?.pathway ?? view.pathway ?? "other", address: view.address?.text ?? "", addressNote: view.address?.note ?? "",
    callAt: view.call_at, accepted: Boolean(view.task) && view.task.status !== "requested", task: view.task, unitState: view.unit?.state ?? null,
    complaintDetail: answersOf(view.answers ?? []), contact: view.caller ? [view.caller.name, view.caller.relation, view.caller.phone].filter(Boolean).join(" · ") : "",
    patient: {
      name: patient.name === "—" ? null : patient.name, sex: patient.sex, age: patient.age ?? null, birthDate: patient.birth_date, residentId: patient.resident_id_masked,
      unknown: patient.unknown, identified: Boolean(patient.resident_id_masked),
    },
    times: Object.fromEntries(Object.entries(view.times ?? {}).map(([point, entry]) => [point, entry.at])),
    vitals: (view.vitals ?? []).map(vitalsOf), history: historyOf(view.history),
    ecgs: (view.ecgs ?? []).map((each) => ({ id: each.signal, at: each.at, reading: each.reading, measured: each.measured, live: each.live, demonstration: each.demonstration })),
    medications: view.medications ?? [], assessments: view.assessments ?? [], notes: view.notes ?? [], photos: view.photos ?? [],
    messages: (view.messages ?? []).map((each) => ({ id: each.id, at: each.at, text: each.text, from: said(each.from), mine: each.from === "crew" || each.mine === true, read: Boolean(each.read_at) })),
    timeline: (view.timeline ?? []).filter((each) => !each.cancelled).filter(onceEach).map((each) => ({ at: each.at, kind: EVENT[each.kind] === "time" ? "time" : "told", point: each.point, text: [said(each.title), said(each.detail)].filter(Boolean).join(" · "), by: each.by ?? each.source })),
    destination: destinationOf(view.destination), notice: noticeOf(view.notice),
    handover: view.handover && { crew: view.handover.crew?.at ?? null, hospital: view.handover.hospital?.by ?? null },
    targets: (view.targets ?? []).filter((each) => each.limit_min).map((each) => ({ id: each.id, label: said(each.name), from: each.from, to: each.to, minutes: each.limit_min })),
    team: view.team ?? [],
  };
}

/** Why a hospital is passed over: what speaks against it, or else all that was said. */
function against(reasons) {
  const grave = reasons.filter((reason) => reason.tone === "against");
  return (grave.length ? grave : reasons).map(said);
}

/** The ranked hospitals; those that cannot take this patient stand apart with why. */
export function rankingOf(answer, names = {}) {
  const option = (each) => {
    const reasons = each.reasons.map(said);
    return {
      id: each.hospital, name: said(each.name), minutes: each.seconds === null || each.seconds === undefined ? null : Math.max(1, Math.round(each.seconds / 60)), estimate: each.straight,
      words: reasons, why: reasons[0] ?? "", facts: each.reasons.slice(1, 6).map((reason) => ({ words: said(reason), tone: reason.tone })), reasons: against(each.reasons),
      statusAt: each.resources_at ?? null,
      onTheWay: each.on_the_way, place: names[each.hospital] ?? null,
    };
  };
  const ranked = answer.options.filter((each) => !each.excluded).sort((a, b) => (a.rank ?? 99) - (b.rank ?? 99));
  return { at: answer.computed_at, options: ranked.map(option), passed: answer.options.filter((each) => each.excluded).map(option), straight: ranked.length > 0 && ranked.every((each) => each.straight), old: false };
}

const EARTH_M = 6_371_000;
const SLOWEST = 11; // m/s: 40 km/h along the straight line, as the server's labelled fallback

/** Straight-line minutes from the device to each hospital of the last list, for when there is no network. */
export function straightRanking(ranking, here) {
  const minutes = (place) => {
    const rad = Math.PI / 180;
    const dx = (place.lon - here.lon) * rad * Math.cos(here.lat * rad);
    const dy = (place.lat - here.lat) * rad;
    return Math.max(1, Math.round((Math.hypot(dx, dy) * EARTH_M) / SLOWEST / 60));
  };
  const estimate = (option) => (option.place ? { ...option, minutes: minutes(option.place), estimate: true } : option);
  return { ...ranking, old: true, straight: true, options: ranking.options.map(estimate), passed: ranking.passed.map(estimate) };
}
