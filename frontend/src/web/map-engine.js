// MapLibre on the region's .pmtiles, its style made from the design tokens in light and dark.
import { AttributionControl, Map as Engine, Marker, NavigationControl, ScaleControl, addProtocol, setWorkerUrl } from "maplibre-gl";
import { Protocol } from "pmtiles";
import { t } from "./i18n.js";

const CREDIT = "© OpenStreetMap";
const LINES = { // how a class of map.css is drawn on the engine's canvas
  route: { token: "--brand", width: 5 },
  route2: { token: "--ink-3", width: 3, dash: [0.3, 2] },
  track: { token: "--ink-2", width: 3 },
  reach: { token: "--ink-2", width: 1.5, dash: [1, 3] },
};

setWorkerUrl(MAPLIBRE_WORKER);
addProtocol("pmtiles", new Protocol().tile);

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const width = (stops) => ["interpolate", ["exponential", 1.6], ["zoom"], ...stops.flat()];
const road = (classes) => ["in", ["get", "class"], ["literal", classes.flatMap((one) => [one, `${one}_link`])]];

/** The layers of the ground: colours by name of the token, so that a change of light repaints them. */
const GROUND = [
  { id: "land", type: "background", colour: { "background-color": "--map-land" } },
  { id: "water", type: "fill", layer: "water", colour: { "fill-color": "--map-water" } },
  { id: "minor", type: "line", layer: "roads", minzoom: 12, filter: ["!", road(["motorway", "trunk", "primary", "secondary", "tertiary"])],
    colour: { "line-color": "--map-road" }, paint: { "line-width": width([[12, 0.6], [15, 3], [18, 12]]) } },
  { id: "case", type: "line", layer: "roads", minzoom: 10, filter: road(["motorway", "trunk", "primary", "secondary"]),
    colour: { "line-color": "--line" }, paint: { "line-width": width([[10, 2], [14, 6], [18, 22]]) } },
  { id: "tertiary", type: "line", layer: "roads", filter: road(["tertiary"]),
    colour: { "line-color": "--map-road" }, paint: { "line-width": width([[10, 0.6], [14, 3], [18, 16]]) } },
  { id: "main", type: "line", layer: "roads", filter: road(["motorway", "trunk", "primary", "secondary"]),
    colour: { "line-color": "--map-road" }, paint: { "line-width": width([[9, 1], [14, 4.5], [18, 20]]) } },
  { id: "names", type: "symbol", layer: "roads", minzoom: 13, filter: ["has", "name"],
    layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-size": 12, "text-font": ["sans-serif"], "symbol-spacing": 320 },
    colour: { "text-color": "--ink-3", "text-halo-color": "--map-land" }, paint: { "text-halo-width": 1.5 } },
  { id: "places", type: "symbol", layer: "places",
    layout: { "text-field": ["get", "name"], "text-size": 14, "text-font": ["sans-serif"] },
    colour: { "text-color": "--ink-2", "text-halo-color": "--map-land" }, paint: { "text-halo-width": 2 } },
];

const painted = (colour) => Object.fromEntries(Object.entries(colour).map(([name, value]) => [name, token(value) || token("--map-road")]));

function style(tiles) {
  const layers = GROUND.map(({ layer, colour, paint = {}, ...rest }) => ({
    ...rest, ...(layer && { source: "region", "source-layer": layer }), paint: { ...paint, ...painted(colour) },
  }));
  const url = `pmtiles://${new URL(tiles, location.href).href}`;
  return { version: 8, sources: { region: { type: "vector", url, attribution: CREDIT } }, layers };
}

/** Starts the engine; throws where WebGL is off. */
export function openEngine(element, { tiles, bounds, center, zoom = 12 }) {
  return new Promise((resolve, reject) => {
    const holder = document.createElement("div");
    holder.className = "ground";
    element.prepend(holder);
    const map = new Engine({
      container: holder, style: style(tiles), attributionControl: false, dragRotate: false, pitchWithRotate: false,
      maxZoom: 18, minZoom: 8, fadeDuration: 0, ...(bounds ? { bounds, fitBoundsOptions: { padding: 40 } } : { center, zoom }),
      locale: { "NavigationControl.ZoomIn": t("Closer"), "NavigationControl.ZoomOut": t("Farther"), "Map.Title": t("Map") },
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new AttributionControl({ compact: false }), "bottom-right");
    map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    map.once("error", ({ error }) => console.warn("map:", error.message));
    map.once("style.load", () => resolve(new Ground(map, holder)));
    setTimeout(() => reject(new Error("no answer from the engine within 10 s")), 10_000);
  });
}

class Ground {
  #lines = new Map();
  #repaint = () => this.#paint();

  constructor(map, holder) {
    Object.assign(this, { map, holder });
    document.addEventListener("banyan:theme", this.#repaint);
  }

  #paint() {
    for (const { id, colour } of GROUND)
      for (const [name, value] of Object.entries(painted(colour))) this.map.setPaintProperty(id, name, value);
    for (const [layer, css] of this.#lines) this.map.setPaintProperty(layer, "line-color", token(LINES[css].token));
  }

  marker(lon, lat) {
    const element = document.createElement("div");
    const marker = new Marker({ element }).setLngLat([lon, lat]).addTo(this.map);
    return { element, move: (x, y) => marker.setLngLat([x, y]), remove: () => marker.remove() };
  }

  line(layer, points, css) {
    const id = `line:${layer}`, data = { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: points ?? [] } };
    const source = this.map.getSource(id);
    if (source) return source.setData(data);
    const { token: colour, width: thick, dash } = LINES[css] ?? LINES.route;
    this.map.addSource(id, { type: "geojson", data });
    const paint = { "line-color": token(colour), "line-width": thick, ...(dash && { "line-dasharray": dash }) };
    this.map.addLayer({ id, type: "line", source: id, layout: { "line-cap": "round", "line-join": "round" }, paint });
    this.#lines.set(id, LINES[css] ? css : "route");
  }

  fit(points, { padding = 60, maxZoom = 15 } = {}) {
    const lons = points.map((p) => p[0]), lats = points.map((p) => p[1]);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.fitBounds([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], { padding, maxZoom, animate: !still, duration: 240 });
  }

  center(lon, lat, zoom) { this.map.easeTo({ center: [lon, lat], duration: 240, ...(zoom && { zoom }) }); }
  zoom(by) { this.map.zoomTo(this.map.getZoom() + by, { duration: 120 }); }
  onClick(act) { this.map.on("click", ({ lngLat }) => act({ lon: lngLat.lng, lat: lngLat.lat })); }

  remove() {
    document.removeEventListener("banyan:theme", this.#repaint);
    this.map.remove();
    this.holder.remove();
  }
}
