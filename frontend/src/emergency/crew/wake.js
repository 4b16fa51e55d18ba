// Web Push: wakes this device for a call when no page is open. The browser asks its user, so a touch begins it.
const able = () => "PushManager" in globalThis && "Notification" in globalThis && "serviceWorker" in navigator;

/** One of: none (this browser cannot), blocked (the user said no), off, on. */
export async function wakeState() {
  if (!able()) return "none";
  if (Notification.permission === "denied") return "blocked";
  if (Notification.permission !== "granted") return "off";
  const registration = await navigator.serviceWorker.ready;
  return (await registration.pushManager.getSubscription()) ? "on" : "off";
}

async function subscribed(server) {
  const { pushManager } = await navigator.serviceWorker.ready;
  const kept = await pushManager.getSubscription();
  if (kept) return kept;
  const { key } = await server.pushKey();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/** Signs this device up for whoever is signed in. Raises what the browser or the server says. */
export async function wake(server) {
  if ((await Notification.requestPermission()) !== "granted") return wakeState();
  const { endpoint, keys } = (await subscribed(server)).toJSON();
  await server.subscribe({ endpoint, keys });
  return "on";
}

/** Each start says again who holds the device now: the next shift's calls must wake the next crew. */
export async function keepAwake(server) {
  const state = await wakeState();
  return state === "on" ? wake(server) : state;
}
