// Times put in or corrected by hand, and the whole time line.
import { html, nothing } from "lit-html";
import { clock, now } from "../../../web/clock.js";
import { t } from "../../../web/i18n.js";
import { POINT, SOURCE } from "../words.js";
import { timeline } from "./timeline.js";
import { big, chips, foot, head } from "./parts.js";

const MINE = ["onset", "last_known_well", "depart_base", "arrive_scene", "fmc", "ecg_done", "depart_scene", "arrive_door"];
const BACK = [[0, t("now")], [1, t("1 min ago")], [2, t("2 min ago")], [5, t("5 min ago")], [10, t("10 min ago")], [30, t("30 min ago")]];

export function times(app) {
  const form = app.form("times");
  const { point, back, at } = form.values;
  const chosen = point ? moment(back, at) : null;
  const ahead = chosen !== null && chosen > now() + 30_000;
  return html`${head(app, t("Times"))}<main id="work" tabindex="-1"><section class="card">${timeline(app)}</section>
    <p class="clab">${t("Put in or correct")}</p>${chips(MINE.map((id) => [id, POINT[id], app.view.times[id] ? clock(app.view.times[id]) : ""]), point, (value) => form.set({ point: value }), t("Which time"))}
    ${point ? html`<p class="clab">${POINT[point]}</p>${chips(BACK, back, (value) => form.set({ back: value, at: undefined }), t("When"))}
      <label class="clab" for="time-at">${t("or at")}</label><input id="time-at" type="time" class="cin" .value=${at ?? ""} @input=${(event) => form.set({ at: event.target.value || undefined, back: undefined })}>
      ${ahead ? html`<p class="warn me" role="alert">${t("That is in the future. Check the time.")}</p>` : nothing}
      <p class="csub">${t("The earlier entry stays in the history; a person's time is never overwritten by an automatic one.")}</p>` : nothing}</main>
    ${chosen === null ? nothing : foot(big({ title: `${POINT[point]} ${clock(chosen)}`, text: SOURCE.manual, disabled: ahead, act: () => save(app, form, point, chosen) }))}`;
}

// A clock time means today, or yesterday evening when it is just past midnight.
function moment(back, at) {
  if (back !== undefined) return now() - back * 60_000;
  if (!at) return null;
  const [hours, minutes] = at.split(":").map(Number);
  const date = new Date(now());
  date.setHours(hours, minutes, 0, 0);
  if (date.valueOf() - now() > 12 * 3600_000) date.setDate(date.getDate() - 1);
  return date.valueOf();
}

async function save(app, form, point, at) {
  await app.record([["time", { point }]], { at, words: t("{point} {time} recorded", { point: POINT[point], time: clock(at) }) });
  await form.discard();
}
