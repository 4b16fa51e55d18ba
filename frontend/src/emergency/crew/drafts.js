// Keeps what is being typed at each keystroke, sealed, until it is saved or discarded.
import { use } from "./store.js";

/** Drafts of one user: {values, at} by case and form. Writes of one form run one after another; the last wins. */
export class Drafts {
  #pending = new Map();

  constructor(vault) { this.vault = vault; }

  #name(caseId, form) { return `${this.vault.user}/${caseId}/${form}`; }

  /** Every draft of a case: {form: values}. */
  async all(caseId) {
    const prefix = this.#name(caseId, "");
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const [names, boxes] = await use((db) => Promise.all([db.getAllKeys("drafts", range), db.getAll("drafts", range)]));
    const opened = await Promise.all(boxes.map((box, i) => this.vault.unseal(box, names[i])));
    return Object.fromEntries(names.map((name, i) => [name.slice(prefix.length), opened[i].values]));
  }

  /** Resolves when the values lie on the disk. Values typed meanwhile go in one more write. */
  keep(caseId, form, values) {
    const name = this.#name(caseId, form);
    const slot = this.#pending.get(name) ?? { done: Promise.resolve() };
    slot.values = values;
    slot.done = slot.done.then(() => this.#write(name, slot));
    this.#pending.set(name, slot);
    return slot.done;
  }

  async #write(name, slot) {
    if (slot.values === undefined) return;
    const { values } = slot;
    slot.values = undefined;
    const sealed = await this.vault.seal({ values, at: Date.now() }, name);
    await use((db) => db.put("drafts", sealed, name));
  }

  async drop(caseId, form) {
    const name = this.#name(caseId, form);
    const slot = this.#pending.get(name);
    if (slot) {
      slot.values = undefined;
      await slot.done.catch(() => {});
    }
    await use((db) => db.delete("drafts", name));
  }
}

/** The last views of the server (cases, who I am), so that a page without network still shows them. */
export class Kept {
  constructor(vault) { this.vault = vault; }

  async read(name) {
    const full = `${this.vault.user}/${name}`;
    const sealed = await use((db) => db.get("kept", full));
    return sealed ? this.vault.unseal(sealed, full) : null;
  }

  async write(name, value) {
    const full = `${this.vault.user}/${name}`;
    const sealed = await this.vault.seal({ value, at: Date.now() }, full);
    await use((db) => db.put("kept", sealed, full));
  }

  /** Makes room: views of cases that are over are the only thing here that the server can give again. */
  async forgetCases(except) {
    const prefix = `${this.vault.user}/case/`;
    await use(async (db) => {
      const names = await db.getAllKeys("kept", IDBKeyRange.bound(prefix, `${prefix}\uffff`));
      for (const name of names) if (name !== prefix + except) await db.delete("kept", name);
    });
  }
}
