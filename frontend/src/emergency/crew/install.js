// Puts the page on the device: the service worker, and the wish that the browser keep its store.
import { askToLast } from "./store.js";

const PAGE = "/emergency/crew";

/** After the first paint, so that the first visit spends the network on the patient. */
export function install() {
  addEventListener("pointerdown", () => { askToLast(); }, { once: true });
  if (!("serviceWorker" in navigator)) return;
  const idle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 800));
  idle(async () => {
    try {
      const registration = await navigator.serviceWorker.register(`${PAGE}/sw.js`, { scope: PAGE });
      const ready = await navigator.serviceWorker.ready;
      if (navigator.serviceWorker.controller) ready.active.postMessage("refresh");
      document.documentElement.dataset.installed = "yes";
      registration.update().catch(() => {});
    } catch (error) {
      document.documentElement.dataset.installed = `no: ${error.message}`;
    }
  });
}
