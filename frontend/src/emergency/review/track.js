// The way of the unit on the map, and where it was at the moment of the cursor.
import { t } from "../../web/i18n.js";
import { openMap } from "../../web/map.js";
import { boundsOf } from "../desk/ground.js";
import { glyph } from "../desk/parts.js";
import { LEVELS, said, unitName } from "../desk/words.js";
import { lengthKm, placeAt } from "./story.js";

export class Track {
  constructor(element, bounds) {
    Object.assign(this, { element, bounds, map: null });
  }

  /** Two pieces: to the scene until it is left, then to the hospital. */
  parts(view) {
    const left = view.times?.depart_scene?.at ?? view.times?.fmc?.at;
    const split = left ? Date.parse(left) : Infinity;
    const track = view.track ?? [];
    return { out: track.filter((place) => Date.parse(place.at) <= split), back: track.filter((place) => Date.parse(place.at) >= split) };
  }

  async open(view, hospitals) {
    this.view = view;
    const bounds = boundsOf(this.bounds), { lat, lon } = view.address ?? {};
    if (!bounds && !lat) return;
    this.map = await openMap(this.element, bounds ? { bounds } : { center: [lon, lat], zoom: 13 });
    const { out, back } = this.parts(view), line = (places) => places.map((place) => [place.lon, place.lat]);
    this.map.line("out", line(out), { css: "route2" });
    this.map.line("back", line(back), { css: "route" });
    this.hospital = hospitals.find((each) => each.id === view.destination?.hospital);
    const points = [...line(out), ...line(back), ...(lat ? [[lon, lat]] : []), ...(this.hospital?.lat ? [[this.hospital.lon, this.hospital.lat]] : [])];
    if (points.length > 1) this.map.fit(points, { padding: 70 });
    else if (points.length) this.map.center(...points[0], 14);
    this.element.dataset.ready = "";
    this.draw(this.now);
  }

  draw(now) {
    this.now = now;
    if (!this.map) return null;
    const { view } = this, { lat, lon } = view.address ?? {};
    this.map.markers("scene", lat ? [{ id: "scene", lat, lon, css: "callpin", label: t("Scene"), html: `<span class="lv" data-l="${view.level}">${LEVELS[view.level]}</span>` }] : []);
    this.map.markers("hospital", this.hospital?.lat ? [{ id: "hospital", lat: this.hospital.lat, lon: this.hospital.lon, css: "hospital", label: said(this.hospital.name), html: `<span class="hchip"><b></b></span>` }] : []);
    const chip = this.element.querySelector(".mark.hospital .hchip b");
    if (chip && chip.textContent !== said(this.hospital.name)) chip.textContent = said(this.hospital.name);
    const place = placeAt(view.track ?? [], now), number = view.unit?.number ?? "";
    this.map.markers("unit", place ? [{ id: "unit", lat: place.lat, lon: place.lon, rotate: place.heading ?? 0, css: "unit", label: unitName(number), html: `<span class="unitmark">${glyph("go", "turn")}<b>${number}</b></span>` }] : []);
    return place;
  }

  legend(view) {
    const { out, back } = this.parts(view);
    return { out: lengthKm(out), back: lengthKm(back), any: (view.track ?? []).length > 1 };
  }
}
