// Everything that the crew page asks the server, apart from sending facts.
import { Problem, Unreachable, get, post, request } from "../../web/api.js";
import { learnOffset } from "./facts.js";

const API = "/api/emergency";
const PAGE = "/emergency/crew";
const soon = (ms = 8000) => ({ signal: AbortSignal.timeout(ms) });

/** A cut line, whichever way the browser says it. */
export const isCut = (error) => error instanceof Unreachable || error.name === "TimeoutError" || error.name === "AbortError";

export class Server {
  constructor({ learned }) {
    this.learned = learned;
  }

  me() { return get(`${PAGE}/me`, soon(4000)); }
  key() { return post(`${PAGE}/key`, {}, soon()); }
  shift() { return get(`${API}/shift`, soon()); }
  takeUnit(unit) { return post(`${API}/shift`, { unit }, soon()); }
  pushKey() { return get(`${API}/push/key`, soon()); }
  subscribe(subscription) { return post(`${API}/push/subscriptions`, subscription, soon()); }
  units() { return get(`${API}/units`, soon()); }
  caseView(id) { return get(`${API}/cases/${id}`, soon()); }
  destinations(id) { return get(`${API}/cases/${id}/destinations`, soon()); }
  hospitals() { return get(`${API}/hospitals`, soon()); }
  refuse(task, reason) { return post(`${API}/tasks/${task}/refuse`, { reason }, soon()); }
  read(id) { return post(`${API}/cases/${id}/messages/read`, {}, soon()); }
  person(caseId, number) { return post(`${PAGE}/person`, { case: caseId, number }, soon(6000)); }
  ecg(id, signal) { return get(`${API}/cases/${id}/ecg/${signal}`, soon()); }
  position(unit, { latitude, longitude, heading, speed }, at) {
    const one = { unit, lat: latitude, lon: longitude, at, source: "phone" };
    if (Number.isFinite(heading)) one.heading = heading;
    if (Number.isFinite(speed)) one.speed_kmh = Math.round(speed * 3.6);
    return post(`${API}/positions`, { positions: [one] }, soon());
  }

  async frames(id, signal) {
    const answer = await request("GET", `${API}/cases/${id}/ecg/${signal}/frames`, undefined, { raw: true, ...soon(20_000) });
    return new Uint8Array(await answer.arrayBuffer());
  }

  /** Measures how far this device's clock is from the server's, and tells the page's clock. */
  async measure() {
    const sent = Date.now();
    const { wall } = await get(`${API}/clock`, soon());
    const offset = learnOffset(sent, Date.parse(wall), Date.now());
    this.learned(Math.abs(offset) < 250 ? 0 : offset);
    return offset;
  }

  /** Signs in again without leaving the page. */
  async signIn(user, password) {
    const body = new URLSearchParams({ username: user, password, next: PAGE });
    const answer = await fetch("/signin", { method: "POST", body, redirect: "manual", credentials: "same-origin", headers: { "X-Banyan": "1" } });
    if (answer.type !== "opaqueredirect" && !answer.ok) throw new Problem(answer.status, {});
    return this.me();
  }

  signOut() { return fetch("/signout", { method: "POST", redirect: "manual", credentials: "same-origin", headers: { "X-Banyan": "1" } }); }
}
