// Seals what lies on the device with a key of this user, which the server wraps and a sign-out drops.
import { use } from "./store.js";

const AES = { name: "AES-GCM", length: 256 };
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const bytesOf = (base64) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
const fresh = () => crypto.getRandomValues(new Uint8Array(12));

/** The key is not on this device: sign in with the network to read what is kept. */
export class Locked extends Error {}

/** An open vault of one user: seals and unseals JSON. The key can be used but never read out. */
export class Vault {
  constructor(user, key) {
    this.user = user;
    this.key = key;
  }

  /** `about` binds the box to its place: a box moved elsewhere does not open. */
  async seal(value, about = "") {
    const iv = fresh();
    const additionalData = encoder.encode(`${this.user}/${about}`);
    const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, this.key, encoder.encode(JSON.stringify(value)));
    return { iv, box };
  }

  async unseal({ iv, box }, about = "") {
    const additionalData = encoder.encode(`${this.user}/${about}`);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, this.key, box);
    return JSON.parse(decoder.decode(plain));
  }
}

/** The vault as this device has it, without network. Throws Locked after a sign-out. */
export async function openHere(user) {
  const entry = await use((db) => db.get("keys", user));
  if (!entry?.key) throw new Locked();
  return new Vault(user, entry.key);
}

/** The vault with the server's wrapping secret; makes the data key at the first time. `fresh`: it was empty here. */
export async function openWith(user, secret) {
  const entry = await use((db) => db.get("keys", user));
  if (entry?.key) return { vault: new Vault(user, entry.key), fresh: false };
  const wrapping = await crypto.subtle.importKey("raw", bytesOf(secret), AES, false, ["wrapKey", "unwrapKey"]);
  const made = entry ?? (await wrapNew(wrapping));
  const key = await crypto.subtle.unwrapKey("raw", made.wrapped, wrapping, { name: "AES-GCM", iv: made.iv }, AES, false, ["encrypt", "decrypt"]);
  await use((db) => db.put("keys", { ...made, key }, user));
  return { vault: new Vault(user, key), fresh: !entry };
}

async function wrapNew(wrapping) {
  const iv = fresh();
  const key = await crypto.subtle.generateKey(AES, true, ["encrypt", "decrypt"]);
  return { iv, wrapped: await crypto.subtle.wrapKey("raw", key, wrapping, { name: "AES-GCM", iv }) };
}

/** Sign-out: what is kept stays sealed until this user signs in again on this device. */
export async function lock(user) {
  await use(async (db) => {
    const entry = await db.get("keys", user);
    if (entry) await db.put("keys", { wrapped: entry.wrapped, iv: entry.iv }, user);
  });
}

/** The server says that this device was reported lost: everything of this user goes. */
export async function destroy(user) {
  await use(async (db) => {
    const all = db.transaction(["keys", "facts", "drafts", "kept"], "readwrite");
    await all.objectStore("keys").delete(user);
    for (const order of await all.objectStore("facts").index("user").getAllKeys(user)) await all.objectStore("facts").delete(order);
    for (const name of ["drafts", "kept"]) await all.objectStore(name).delete(IDBKeyRange.bound(`${user}/`, `${user}/\uffff`));
    await all.done;
  });
}
