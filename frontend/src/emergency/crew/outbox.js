// What waits to be sent: facts sealed on the device, in the order they were made, until the server has them.
import { NoStore, StoreFull, use } from "./store.js";

/** The waiting facts of one user; tells a "change" after every change. */
export class Outbox extends EventTarget {
  constructor(vault, works = true) {
    super();
    this.vault = vault;
    this.works = works; // false: this browser keeps nothing, so facts live only as long as the page
    this.items = []; // {order, fact, size, status: "waiting" | "parked", reason?}
    this.unkept = 0; // facts that the full disk did not take: in memory only
  }

  async load() {
    if (!this.works) return;
    const rows = await use((db) => db.getAllFromIndex("facts", "user", this.vault.user));
    this.items = await Promise.all(rows.map(async (row) => ({
      order: row.order, size: row.box.byteLength, ...(await this.vault.unseal(row, "fact")),
    })));
    this.#changed();
  }

  /** Kept before it is shown as done; on a full disk only in memory, and the page says so. `until`: not sent before. */
  async add(fact, until = 0) {
    const item = { fact, status: "waiting", size: 0, until };
    try {
      item.order = await this.#write(item);
    } catch (error) {
      if (!(error instanceof StoreFull || error instanceof NoStore)) throw error;
      item.order = Infinity;
      this.unkept++;
    }
    item.size = JSON.stringify(fact).length;
    this.items.push(item);
    this.#changed();
    return item;
  }

  async #write({ order, fact, status, reason, held, until }) {
    const sealed = await this.vault.seal({ fact, status, reason, held, until }, "fact");
    const row = { user: this.vault.user, ...sealed, ...(order === undefined ? {} : { order }) };
    return use((db) => db.put("facts", row));
  }

  get waiting() { return this.items.filter((item) => item.status === "waiting"); }
  /** Those whose time to be taken back is over. */
  get due() { return this.waiting.filter((item) => !(item.until > Date.now())); }

  /** The next step was taken: the one before it stands. */
  release() { for (const item of this.items) item.until = 0; }
  get parked() { return this.items.filter((item) => item.status === "parked"); }
  has(id) { return this.items.some((item) => item.fact.id === id); }

  /** The server has these, or they were taken back before they left: the device lets go of them. */
  async forget(ids) {
    const gone = new Set(ids);
    const leaving = this.items.filter((item) => gone.has(item.fact.id));
    const onDisk = leaving.filter((item) => item.order !== Infinity);
    if (onDisk.length) await use((db) => deleteAll(db, onDisk));
    this.unkept -= leaving.filter((item) => item.order === Infinity).length;
    this.items = this.items.filter((item) => !gone.has(item.fact.id));
    this.#changed();
  }

  /** Not filed: it stays in a list with the reason. `held`: the server keeps it too, for dispatch to decide. */
  async park(id, reason, held = false) {
    const item = this.items.find((each) => each.fact.id === id);
    if (!item) return;
    Object.assign(item, { status: "parked", reason, held });
    if (item.order !== Infinity) await this.#write(item);
    this.#changed();
  }

  /** What was in its way may be gone: it is tried once more. */
  async retry(id) {
    const item = this.items.find((each) => each.fact.id === id);
    Object.assign(item, { status: "waiting", reason: undefined });
    if (item.order !== Infinity) await this.#write(item);
    this.#changed();
  }

  #changed() {
    this.items.sort((a, b) => a.order - b.order);
    this.dispatchEvent(new Event("change"));
  }
}

async function deleteAll(db, items) {
  const all = db.transaction("facts", "readwrite");
  await Promise.all([...items.map((item) => all.store.delete(item.order)), all.done]);
}

/** How many facts of other users wait on this device (sealed: only their owners can send them). */
export async function waitingOfOthers(user) {
  const users = await use((db) => db.getAll("facts"));
  return users.filter((row) => row.user !== user).length;
}
