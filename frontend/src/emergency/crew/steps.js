// Decides what the big button says: the next step of this case, from what is recorded so far.

// Each step: the time it records, at once, and what the unit becomes, once the step cannot be taken back any more.
const STEPS = [
  { id: "accept", states: ["accepted"] },
  { id: "depart", point: "depart_base", states: ["en_route"] },
  { id: "at-scene", point: "arrive_scene", states: ["at_scene"] },
  { id: "with-patient", point: "fmc", states: ["with_patient"] },
  { id: "leave", point: "depart_scene", states: ["to_hospital"] },
  { id: "arrived", point: "arrive_door", states: ["at_hospital"] },
  { id: "handover", point: "handover", states: ["handed_over"] },
  { id: "back", point: "back_in_service", states: ["leaving", "available"] },
];

export const stepNamed = (id) => STEPS.find((step) => step.id === id);

/** The next step, or null when the case is over. What a later step recorded makes the earlier ones past. */
export function nextStep(view) {
  const done = STEPS.map((step) => (step.id === "accept" ? view.accepted : Boolean(view.times[step.point])));
  const last = done.lastIndexOf(true);
  return last + 1 < STEPS.length ? STEPS[last + 1] : null;
}

/** Steps that were passed over (a point never set): offered in the list of times to be put in by hand. */
export function passedOver(view) {
  const next = nextStep(view);
  const end = next ? STEPS.indexOf(next) : STEPS.length;
  return STEPS.slice(0, end).filter((step) => step.point && !view.times[step.point]);
}
