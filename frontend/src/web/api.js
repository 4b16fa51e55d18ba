// JSON to and from /api: the guard header, problem details as errors, an expired session that keeps the form.
import { t } from "./i18n.js";

/** A refusal: status, title and detail as the server said them (RFC 9457). */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || t("The server answered {status}.", { status }));
    Object.assign(this, { status, title: body.title, detail: body.detail, type: body.type, body });
  }
}

/** No answer came: offline, or the server cannot be reached. */
export class Unreachable extends Error {
  constructor() {
    super(t("No connection: it will be sent when the network is back."));
    this.status = 0;
  }
}

async function problemOf(answer) {
  try {
    return new Problem(answer.status, await answer.json());
  } catch {
    return new Problem(answer.status, { title: answer.statusText });
  }
}

/** Sends a request with what every write needs; answers the parsed JSON, or null for an empty body. */
export async function request(method, path, body, { headers = {}, signal, raw = false } = {}) {
  const binary = body instanceof Blob || body instanceof ArrayBuffer || ArrayBuffer.isView(body);
  const init = { method, signal, credentials: "same-origin", headers: { Accept: "application/json", "X-Banyan": "1", ...headers } };
  if (body !== undefined) {
    init.body = binary || body instanceof FormData ? body : JSON.stringify(body);
    if (binary) init.headers["Content-Type"] ??= "application/octet-stream";
    else if (!(body instanceof FormData)) init.headers["Content-Type"] = "application/json";
  }
  let answer;
  try {
    answer = await fetch(path, init);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable();
  }
  if (answer.status === 401) document.dispatchEvent(new CustomEvent("banyan:signed-out"));
  if (!answer.ok) throw await problemOf(answer);
  if (raw) return answer;
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
}

export const get = (path, options) => request("GET", path, undefined, options);
export const post = (path, body = {}, options = {}) => request("POST", path, body, options);
export const put = (path, body = {}, options = {}) => request("PUT", path, body, options);
export const patch = (path, body = {}, options = {}) => request("PATCH", path, body, options);
export const del = (path, options = {}) => request("DELETE", path, undefined, options);
