// The device's own database: opened again when the connection is lost, and honest about a full or missing disk.
import { openDB } from "idb";

const NAME = "banyan-crew";
const VERSION = 1;

/** The disk is full: nothing new can be kept until room is made. */
export class StoreFull extends Error {}

/** This browser gives the page no storage at all (private window, insecure address, switched off). */
export class NoStore extends Error {}

// Safari drops the connection when the screen locks; every browser may do so under pressure.
const LOST = new Set(["InvalidStateError", "UnknownError", "AbortError", "TransactionInactiveError"]);

function upgrade(db) {
  db.createObjectStore("keys"); // user → {wrapped, iv, key}
  db.createObjectStore("facts", { keyPath: "order", autoIncrement: true }).createIndex("user", "user");
  db.createObjectStore("drafts"); // "user/case/form" → sealed
  db.createObjectStore("kept"); // "user/name" → sealed: the last view of each case, who I am
}

let connection = null;

async function connected() {
  if (!globalThis.indexedDB || !globalThis.crypto?.subtle) throw new NoStore();
  connection ??= openDB(NAME, VERSION, {
    upgrade,
    terminated: () => { connection = null; },
    blocking: () => { connection?.then((db) => db.close()); connection = null; },
  });
  try {
    return await connection;
  } catch (error) {
    connection = null;
    throw error.name === "InvalidStateError" || error.name === "SecurityError" ? new NoStore(error.message) : error;
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs `work(db)`, opening the database anew up to four times when its connection was lost meanwhile. */
export async function use(work) {
  for (let attempt = 0; ; attempt++) {
    const db = await connected();
    try {
      return await work(db);
    } catch (error) {
      if (isFull(error)) throw new StoreFull();
      if (!LOST.has(error.name) || attempt >= 4) throw error;
      connection = null;
      try { db.close(); } catch { /* it is gone already */ }
      await pause(50 * 2 ** attempt);
    }
  }
}

const isFull = (error) => error.name === "QuotaExceededError" || error.inner?.name === "QuotaExceededError";

const LEAST = 25e6; // bytes: an hour's ECG files and photos

/** What the page must say before anything is typed: {works, free, tight, lasting}. */
export async function health() {
  try {
    await use((db) => db.count("facts"));
  } catch (error) {
    return { works: false, full: error instanceof StoreFull, why: error.message };
  }
  const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  const lasting = (await navigator.storage?.persisted?.()) ?? false;
  return { works: true, free: quota - usage, tight: quota - usage < LEAST, lasting };
}

/** Asks the browser not to clear this page's store under pressure; to be called after a touch. */
export async function askToLast() {
  try {
    return (await navigator.storage?.persist?.()) ?? false;
  } catch {
    return false;
  }
}
