// A plain ground for browsers without WebGL: positions and routes without roads, in the same projection.
const SVG = "http://www.w3.org/2000/svg";
const mercator = (lon, lat) => [lon / 360, -Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI)];

export function openPlain(element, { bounds, center, zoom = 12 }) {
  return new Plain(element, bounds, center, zoom);
}

class Plain {
  #markers = new Set();
  #lines = new Map();
  #click = null;

  constructor(element, bounds, center, zoom) {
    this.element = element;
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("class", "city");
    element.prepend(this.svg);
    this.scale = 512 * 2 ** zoom;
    this.middle = mercator(...(center ?? (bounds ? [(bounds[0][0] + bounds[1][0]) / 2, (bounds[0][1] + bounds[1][1]) / 2] : [0, 0])));
    if (bounds) this.#fitTo(bounds, 40);
    this.observer = new ResizeObserver(() => this.#draw());
    this.observer.observe(element);
    element.addEventListener("click", (event) => {
      const box = element.getBoundingClientRect();
      this.#click?.(this.#place(event.clientX - box.left, event.clientY - box.top));
    });
  }

  #point([lon, lat]) {
    const [x, y] = mercator(lon, lat);
    return [(x - this.middle[0]) * this.scale + this.element.clientWidth / 2, (y - this.middle[1]) * this.scale + this.element.clientHeight / 2];
  }

  #place(left, top) {
    const x = (left - this.element.clientWidth / 2) / this.scale + this.middle[0];
    const y = (top - this.element.clientHeight / 2) / this.scale + this.middle[1];
    return { lon: x * 360, lat: (360 / Math.PI) * Math.atan(Math.exp(-y * 2 * Math.PI)) - 90 };
  }

  #fitTo([[west, south], [east, north]], padding) {
    const [x0, y1] = mercator(west, south), [x1, y0] = mercator(east, north);
    const wide = Math.max(1, this.element.clientWidth - 2 * padding), high = Math.max(1, this.element.clientHeight - 2 * padding);
    this.scale = Math.min(wide / Math.max(x1 - x0, 1e-7), high / Math.max(y1 - y0, 1e-7), 512 * 2 ** 15);
    this.middle = [(x0 + x1) / 2, (y0 + y1) / 2];
  }

  #draw() {
    for (const marker of this.#markers) {
      const [x, y] = this.#point(marker.at);
      marker.element.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
    }
    for (const { path, points } of this.#lines.values())
      path.setAttribute("d", points.map((p, at) => `${at ? "L" : "M"}${this.#point(p).join(" ")}`).join(""));
  }

  marker(lon, lat) {
    const element = document.createElement("div");
    element.style.position = "absolute";
    const marker = { element, at: [lon, lat], move: (x, y) => { marker.at = [x, y]; this.#draw(); }, remove: () => { element.remove(); this.#markers.delete(marker); } };
    this.#markers.add(marker);
    this.element.append(element);
    return marker;
  }

  line(layer, points, css) {
    const line = this.#lines.get(layer) ?? { path: this.svg.appendChild(document.createElementNS(SVG, "path")) };
    line.points = points ?? [];
    line.path.setAttribute("class", css);
    this.#lines.set(layer, line);
    this.#draw();
  }

  fit(points, { padding = 60 } = {}) {
    const lons = points.map((p) => p[0]), lats = points.map((p) => p[1]);
    this.#fitTo([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], padding);
    this.#draw();
  }

  center(lon, lat, zoom) {
    this.middle = mercator(lon, lat);
    if (zoom) this.scale = 512 * 2 ** zoom;
    this.#draw();
  }

  zoom(by) { this.scale *= 2 ** by; this.#draw(); }
  onClick(act) { this.#click = act; }
  remove() { this.observer.disconnect(); this.svg.remove(); this.#markers.forEach((marker) => marker.element.remove()); }
}
