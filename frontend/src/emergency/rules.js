// The clinical rules as the crew types, without network: the same tables as the server's (rules.json,
// written by banyan.apps.emergency.rules.export) and the same answers, held equal by a test.
import tables from "./rules.json" with { type: "json" };

const ABSENT = ["refused", "not-measurable"];

class OutOfRange extends Error {
  constructor(field, given, allowed) {
    super(`${field}: ${given}`);
    Object.assign(this, { field, given, allowed });
  }
}

export const names = () => Object.keys(tables);
export const describe = (name) => ({ name, ...tables[name], unverified: tables[name].status === "memory" });

// The rule's result; a missing input gives `incomplete` and no total, an impossible value `rejected`.
export function evaluate(name, given) {
  const rule = tables[name];
  if (!rule) throw new Error(`There is no rule "${name}" on this page.`);
  const about = { rule: name, version: rule.version, status: rule.status, source: rule.source };
  if (rule.status === "memory") about.unverified = true;
  return { ...outcome(name, rule, given), ...about };
}

function outcome(name, rule, given) {
  try {
    const { values, absent, unknown } = read(rule, prepare[name]?.({ ...given }) ?? given);
    const extra = unknown.length ? { unknown_inputs: unknown } : {};
    const every = rule.inputs.filter((each) => !each.optional).map((each) => each.name);
    const missing = every.filter((each) => !(each in values));
    if (!missing.length) return { ...(compute[name] ?? addUp)(values, rule), ...extra };
    const all = missing.length === every.length && every.length > 1;
    const why = Object.keys(absent).length ? { absent } : {};
    return { incomplete: all ? "all" : missing, missing, ...why, ...extra };
  } catch (wrong) {
    if (!(wrong instanceof OutOfRange)) throw wrong;
    return { rejected: true, field: wrong.field, given: wrong.given, allowed: wrong.allowed };
  }
}

function read(rule, given) {
  const known = new Map(rule.inputs.flatMap((each) => [each.name, ...(each.aliases ?? [])].map((key) => [key, each])));
  const [values, absent, unknown] = [{}, {}, []];
  for (const [key, value] of Object.entries(given)) {
    const each = known.get(key);
    if (!each) unknown.push(key);
    else if (value === null || value === undefined) continue;
    else if (ABSENT.includes(value)) absent[each.name] = value;
    else values[each.name] = readers[each.type](each, value);
  }
  return { values, absent, unknown };
}

const readers = {
  number(each, value) {
    const inside = typeof value === "number" && value >= each.low && value <= each.high;
    if (!inside) throw new OutOfRange(each.name, value, `${each.low} – ${each.high} ${each.unit ?? ""}`.trim());
    return each.decimals === undefined ? value : rounded(value, each.decimals, each.round_down);
  },
  choice(each, value) {
    const said = typeof value === "boolean" ? "" : String(value).trim().toLowerCase();
    const fits = (o) => [o.value, o.label, ...(o.aliases ?? [])].some((word) => String(word).toLowerCase() === said);
    const option = each.options.find(fits);
    if (!option) throw new OutOfRange(each.name, value, each.options.map((o) => o.value).join(", "));
    return option.value;
  },
  flag(each, value) {
    const said = String(value).trim().toLowerCase();
    if (value === true || value === 1 || (value === each.points && value !== 0) || ["yes", "true", "y"].includes(said))
      return true;
    if (value === false || value === 0 || ["no", "false", "n"].includes(said)) return false;
    throw new OutOfRange(each.name, value, "true, false");
  },
  words: (_, value) => value,
};

// Half up on the digits as written (36.05 is 36.1), or down for completed years.
export function rounded(value, decimals, down = false) {
  const shifted = Number(`${value}e${decimals}`);
  return Number(`${down ? Math.floor(shifted) : Math.round(shifted)}e-${decimals}`);
}

function pointsIn(bands, value) {
  const band = bands.find(([low, high]) => (low === null || value >= low) && (high === null || value <= high));
  if (!band) throw new Error(`no band holds ${value}`);
  return band[2];
}

function pointsOf(each, value) {
  if (each.type === "number") return pointsIn(each.bands, value);
  if (each.type === "flag") return value ? each.points : 0;
  return each.options.find((option) => option.value === value).points ?? 0;
}

const scored = (each) =>
  each.type === "number" ? Boolean(each.bands)
  : each.type === "flag" ? each.points !== 0
  : each.type === "choice" && each.options.some((option) => "points" in option);

function partsOf(values, rule) {
  const counted = rule.inputs.filter((each) => each.name in values && scored(each));
  return Object.fromEntries(counted.map((each) => [each.name, pointsOf(each, values[each.name])]));
}

const sum = (parts) => Object.values(parts).reduce((all, points) => all + points, 0);
const addUp = (values, rule) => conclude(partsOf(values, rule), rule);

function conclude(parts, rule) {
  const total = sum(parts);
  const meaning = (rule.conclusions ?? []).map(({ key, bands, true_from }) => [
    key,
    true_from === null ? bands.find(([low, high]) => total >= low && total <= high)[2] : total >= true_from,
  ]);
  return { total, ...Object.fromEntries(meaning), parts };
}

const missingOnly = (name) => ({ incomplete: [name], missing: [name] });

const prepare = {
  qsofa(given) {
    const signs = [
      ["gcs", "altered_mentation", 3, 15, (v) => v < 15],
      ["rr", "rr_ge_22", 0, 120, (v) => v >= 22],
      ["sbp", "sbp_le_100", 0, 350, (v) => v <= 100],
    ];
    for (const [vital, sign, low, high, holds] of signs) {
      const value = given[vital];
      delete given[vital];
      if (value === null || value === undefined || sign in given) continue;
      if (typeof value === "number" && !(value >= low && value <= high)) throw new OutOfRange(vital, value, `${low} – ${high}`);
      given[sign] = typeof value === "number" ? holds(value) : value;
    }
    return given;
  },
};

const compute = {
  news2(values, rule) {
    const why = [];
    if ((values.age ?? 16) < 16) why.push("NEWS2 is for 16 years and older");
    if (values.pregnant) why.push("NEWS2 is not for pregnancy");
    if (values.spinal_cord_injury) why.push("NEWS2 is not for spinal cord injury");
    if (why.length) return { not_applicable: why };
    const { scale_1, scale_2_air, scale_2_oxygen } = rule.tables;
    const spo2 = values.scale === 1 ? scale_1 : values.o2 ? scale_2_oxygen : scale_2_air;
    const { rr, ...others } = partsOf(values, rule);
    const parts = { rr, spo2: pointsIn(spo2, values.spo2), ...others };
    const total = sum(parts);
    const single = Object.values(parts).includes(3);
    const risk = total >= 7 ? "high" : total >= 5 ? "medium" : single ? "low-medium" : "low";
    return { total, risk, parts };
  },
  gcs({ E, V, M }) {
    const parts = { E, V, M };
    const shown = Object.entries(parts).map(([name, v]) => (v === "NT" ? `${name}-NT` : `${name}${v}`)).join(" ");
    return { total: Object.values(parts).includes("NT") ? null : E + V + M, shown, parts };
  },
  shock_index({ hr, sbp, age }, rule) {
    if (sbp === 0) return missingOnly("sbp");
    const value = rounded(hr / sbp, 2);
    const { raised_from, paediatric_raised_above: children } = rule.tables;
    if (age === undefined) return { value, raised: value >= raised_from };
    const row = children.find(([low, high]) => age >= low && age <= high);
    const raised = row ? value > row[2] : age < children[0][0] ? null : value >= raised_from;
    return { value, raised };
  },
  heart(values, rule) {
    if ("troponin" in values) return addUp(values, rule);
    const parts = partsOf(values, rule);
    return { ...missingOnly("troponin"), hear: sum(parts), parts };
  },
  killip: ({ finding }, rule) => ({ killip: rule.tables.classes[finding], class: finding }),
  stemi_ecg({ age, sex, lead, j_mm }, rule) {
    const limit = limitMm(rule.tables, lead, sex, age);
    return { lead_meets: j_mm >= limit, limit_mm: limit };
  },
  reperfusion({ minutes_to_wire, onset_h, contraindication, weight, age }, rule) {
    const limits = rule.tables;
    const [choice, because] =
      minutes_to_wire <= limits.wire_within_min ? ["primary_pci", "A wire can cross within 120 minutes"]
      : contraindication ? ["primary_pci", "Fibrinolysis is contraindicated"]
      : onset_h > limits.lysis_within_h ? ["primary_pci", "More than 12 hours since onset"]
      : ["fibrinolysis", "No wire within 120 minutes, within 12 hours of onset, no contraindication"];
    if (choice === "primary_pci" || weight === undefined) return { choice, because };
    const full = limits.tenecteplase_mg.find(([below]) => weight < below)?.[1] ?? limits.tenecteplase_most_mg;
    return { choice, because, tenecteplase_mg: (age ?? 0) >= limits.half_dose_from_age ? full / 2 : full };
  },
  race(values, rule) {
    const item = rule.tables.side_item[values.hemiparesis];
    if (item && !(item in values)) return missingOnly(item);
    const counted = item ? [...rule.tables.always, item] : rule.tables.always;
    return conclude(Object.fromEntries(counted.map((name) => [name, values[name]])), rule);
  },
  cp_sss(values, rule) {
    const failsBoth = values.questions !== "both" && values.commands !== "both";
    const parts = {
      gaze_deviation: values.gaze_deviation === "yes" ? 2 : 0,
      fails_a_question_and_a_command: Number(failsBoth),
      arm_falls: Number(values.arm === "cannot"),
    };
    return conclude(parts, rule);
  },
  rosier(values, rule) {
    if ((values.glucose ?? 3.5) < 3.5)
      return { not_applicable: ["Correct the low blood glucose first, then score again"] };
    return addUp(values, rule);
  },
  nihss(values) {
    const untestable = Object.keys(values).filter((name) => values[name] === "UN");
    const total = Object.values(values).reduce((all, value) => all + (value === "UN" ? 0 : value), 0);
    return { total, untestable, shown: untestable.length ? `${total} (${untestable.join(", ")}: UN)` : String(total) };
  },
  rts(values, rule) {
    const parts = partsOf(values, rule);
    const t_rts = sum(parts);
    const weighted = Object.entries(rule.tables.weights).reduce((all, [name, w]) => all + w * parts[name], 0);
    return { t_rts, rts: rounded(weighted, 4), trauma_centre: t_rts <= 11, parts };
  },
  pts(values, rule) {
    const result = addUp(values, rule);
    return { ...result, trauma_centre: result.total <= 8 };
  },
};

export function limitMm({ groups, limits_mm }, lead, sex, age) {
  const group = Object.keys(groups).find((name) => groups[name].includes(lead)) ?? "other";
  return limits_mm[group].find(([who, below]) => (who === null || who === sex) && (below === null || age < below))[2];
}

// The pairs of neighbouring leads whose ST levels (mm) both meet their limits; -aVR is aVR turned round.
export function contiguousElevation(levels, sex, age) {
  const { tables: limits } = tables.stemi_ecg;
  const turned = "aVR" in levels ? { ...levels, "-aVR": -levels.aVR } : levels;
  const meets = (lead) => lead in turned && turned[lead] >= limitMm(limits, lead, sex, age);
  return limits.contiguous.filter((pair) => pair.every(meets));
}
