// The region's map: neutral ground from the region's own tiles, and layers of units, calls, hospitals, routes.
// The engine is loaded after the first paint; where the browser has no WebGL, a plain ground takes its place.
import { t } from "./i18n.js";
import { toast } from "./ui.js";

const TILES = "/region/tiles.pmtiles";
const settled = () => new Promise((resolve) => (window.requestIdleCallback ?? setTimeout)(resolve, { timeout: 500 }));

/** Opens a map in an element with class "map". Options: bounds [[west, south], [east, north]], or center and zoom.
 *
 *  The map answered has:
 *    markers(layer, [{id, lon, lat, html, css, label, onClick, rotate}])  sets a layer's markers, moved without flicker
 *    line(layer, [[lon, lat], …] or null, {css})   css: a class of map.css: "route", "route2", "track", "reach"
 *    fit([[lon, lat], …], {padding})   center(lon, lat, zoom)   zoom(by)
 *    onClick(({lon, lat}) => …)   remove() */
export async function openMap(element, options = {}) {
  element.classList.add("map");
  element.setAttribute("role", element.getAttribute("role") ?? "group");
  if (!element.hasAttribute("aria-label")) element.setAttribute("aria-label", t("Map"));
  await settled();
  let ground;
  try {
    const { openEngine } = await import("./map-engine.js");
    ground = await openEngine(element, { tiles: TILES, ...options });
  } catch (error) {
    console.warn("The map's engine did not start:", error.message);
    const { openPlain } = await import("./map-plain.js");
    ground = openPlain(element, options);
    toast(t("This browser draws no map ground (WebGL is off). Positions are shown without roads."), "wait");
  }
  return new RegionMap(element, ground);
}

class RegionMap {
  #layers = new Map();

  constructor(element, ground) {
    this.element = element;
    this.ground = ground;
  }

  markers(layer, items) {
    const before = this.#layers.get(layer) ?? new Map(), after = new Map();
    for (const item of items) {
      const marker = before.get(item.id) ?? this.ground.marker(item.lon, item.lat);
      before.delete(item.id);
      this.#draw(marker, item);
      after.set(item.id, marker);
    }
    before.forEach((marker) => marker.remove());
    this.#layers.set(layer, after);
  }

  #draw(marker, item) {
    const { element } = marker;
    if (marker.html !== item.html) element.innerHTML = marker.html = item.html;
    const css = `mark ${item.css ?? ""}`.trim();
    if (marker.css !== css) {
      if (marker.css) element.classList.remove(...marker.css.split(" "));
      element.classList.add(...css.split(" "));
      marker.css = css;
    }
    element.setAttribute("aria-label", item.label ?? item.id);
    element.dataset.id = item.id;
    element.onclick = item.onClick ? (event) => { event.stopPropagation(); item.onClick(item); } : null;
    if (item.onClick) Object.assign(element, { tabIndex: 0, onkeydown: (event) => event.key === "Enter" && item.onClick(item) });
    element.setAttribute("role", item.onClick ? "button" : "img");
    if (item.rotate !== undefined) element.style.setProperty("--heading", `${item.rotate}deg`);
    marker.move(item.lon, item.lat);
  }

  line(layer, points, { css = "route" } = {}) { this.ground.line(layer, points, css); }
  fit(points, options = {}) { if (points.length) this.ground.fit(points, options); }
  center(lon, lat, zoom) { this.ground.center(lon, lat, zoom); }
  zoom(by) { this.ground.zoom(by); }
  onClick(act) { this.ground.onClick(act); }
  remove() { this.ground.remove(); }
}
