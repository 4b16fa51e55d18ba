// Keeps the crew page on the device: its shell and every file it may need, the lazily loaded ones included.

const PAGE = "/emergency/crew";
const LIST = `${PAGE}/shell.json`;
const PREFIX = "banyan-crew-";
const PATIENCE = 2500; // ms for the network's copy of the page, before the kept one is shown

async function fill() {
  const list = await (await fetch(LIST, { cache: "no-store" })).json();
  const cache = await caches.open(PREFIX + list.version);
  const have = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  await Promise.all(list.files.filter((file) => !have.has(file)).map((file) => cache.add(file)));
  return list.version;
}

async function keepPage(answer) {
  if (!answer.ok || answer.redirected || answer.type !== "basic") return;
  const cache = await caches.open(`${PREFIX}page`);
  await cache.put(PAGE, answer);
}

async function forgetOld(version) {
  const keep = new Set([PREFIX + version, `${PREFIX}page`]);
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && !keep.has(name)) await caches.delete(name);
}

async function install() {
  await fill();
  await keepPage(await fetch(PAGE, { credentials: "same-origin", redirect: "follow" }));
  await self.skipWaiting();
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page asks once a visit, with the network: new files come before old ones go.
self.addEventListener("message", (event) => {
  if (event.data === "refresh") event.waitUntil(fill().then(forgetOld).catch(() => {}));
});

async function page(event) {
  const kept = caches.match(PAGE);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(() => kept);
  const network = fetch(event.request).then((answer) => {
    if (answer.ok && !answer.redirected) event.waitUntil(keepPage(answer.clone()));
    return answer;
  });
  network.catch(() => {});
  try {
    return (await Promise.race([network, late])) ?? (await network);
  } catch {
    return (await kept) ?? Response.error();
  }
}

async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(event));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});

// A call that nobody answered: the server pushes, the device wakes.
self.addEventListener("push", (event) => {
  const { title = "Banyan", body = "" } = event.data?.json() ?? {};
  event.waitUntil(self.registration.showNotification(title, { body, icon: "/static/icon.svg", tag: "order", renotify: true, requireInteraction: true, vibrate: [400, 200, 400, 200, 400] }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.matchAll({ type: "window" }).then(([open]) => (open ? open.focus() : self.clients.openWindow(PAGE))));
});
