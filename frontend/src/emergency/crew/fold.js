// Lays the device's own facts over the server's view of a case, so that an act shows at once, marked as pending.

const apply = {
  time(view, { data, at, source }, pending) {
    view.times[data.point] = at;
    view.timeline.push({ at, kind: "time", point: data.point, by: source, pending });
  },
  state(view, { data }) {
    view.unitState = data.unit_state;
    if (data.unit_state === "accepted") view.accepted = true;
  },
  vitals(view, { data, at, source }, pending) {
    view.vitals.push({ ...data, at, source, pending });
    view.timeline.push({ at, kind: "vitals", pending });
  },
  identity(view, { data }, pending) {
    const { resident_id: residentId, unknown, name, sex, birth_date: birthDate, age } = data;
    view.patient = { ...view.patient, residentId, unknown: Boolean(unknown), pending };
    for (const [key, value] of Object.entries({ name, sex, birthDate, age })) if (value !== undefined) view.patient[key] = value;
  },
  assessment(view, { data, at }, pending) {
    view.assessments = [...view.assessments.filter((each) => each.rule !== data.rule), { ...data, at, pending }];
    view.timeline.push({ at, kind: "assessment", rule: data.rule, result: data.result, pending });
  },
  medication(view, { data, at }, pending) {
    view.medications.push({ ...data, at: data.time ?? at, pending });
    view.timeline.push({ at: data.time ?? at, kind: "medication", text: data.text, dose: data.dose, unit: data.unit, pending });
  },
  note(view, { data, at }, pending) {
    view.notes.push({ text: data.text, at, pending });
    view.timeline.push({ at, kind: "note", text: data.text, pending });
  },
  photo(view, { id, at }, pending) {
    view.photos.push({ id, at, pending });
    view.timeline.push({ at, kind: "photo", pending });
  },
  ecg(view, { id, data, at }, pending) {
    view.ecgs.push({ id: data.signal, fact: id, name: data.name, at, pending });
    view.times.ecg_done ??= at;
    view.timeline.push({ at, kind: "ecg", pending });
  },
  destination(view, { data, at }, pending) {
    view.destination = { hospital: data.hospital, name: data.name, rank: data.chosen_rank, reason: data.override_reason, at, pending };
    view.timeline.push({ at, kind: "destination", text: data.name, pending });
  },
  notice(view, { data, at }, pending) {
    view.notice = { level: data.level, pathway: data.pathway, at, pending };
    view.times.notice ??= at;
    view.timeline.push({ at, kind: "notice", pending });
  },
  message(view, { id, data, at }, pending) {
    view.messages.push({ id, text: data.text, to: data.to, at, mine: true, pending });
  },
  handover(view, { data, at }, pending) {
    view.handover = { ...view.handover, crew: at, note: data.note, pending };
    view.times.handover ??= at;
    view.timeline.push({ at, kind: "handover", pending });
  },
};

/** An empty case: what every view may rely on. */
export function emptyCase(id) {
  return {
    id, level: null, complaint: "", pathway: null, address: "", callAt: null, accepted: false, unitState: null,
    patient: {}, times: {}, vitals: [], ecgs: [], medications: [], assessments: [], notes: [], photos: [], messages: [],
    timeline: [], history: null, destination: null, notice: null, handover: null, targets: null, vehicle: null,
  };
}

/** `facts`: [{fact, pending}] in the order they were made. Undone facts leave nothing behind. */
export function fold(base, facts) {
  const view = structuredClone(base);
  const undone = new Set(facts.filter(({ fact }) => fact.kind === "undo").map(({ fact }) => fact.data.fact));
  for (const { fact, pending } of facts) if (!undone.has(fact.id) && fact.case === view.id) apply[fact.kind]?.(view, fact, pending);
  const byTime = (a, b) => Date.parse(a.at) - Date.parse(b.at);
  view.vitals.sort(byTime);
  view.timeline.sort(byTime);
  view.messages.sort(byTime);
  return view;
}
