// A form that keeps itself: every change is on the disk before the next key, and comes back after a reload.

/** Values of one form of one case. `changed()` redraws the page. */
export class Form {
  constructor(name, caseId, drafts, values, changed) {
    Object.assign(this, { name, caseId, drafts, values, changed });
    this.kept = true;
  }

  set(change) {
    this.values = { ...this.values, ...change };
    for (const [key, value] of Object.entries(change)) if (value === undefined) delete this.values[key];
    this.kept = false;
    this.changed();
    const write = this.drafts?.keep(this.caseId, this.name, this.values) ?? Promise.reject(new Error("no store"));
    return write.then(() => { this.kept = true; this.problem = null; }, (problem) => { this.problem = problem; this.changed(); });
  }

  get touched() { return Object.keys(this.values).length > 0; }

  async discard() {
    this.values = {};
    await this.drafts?.drop(this.caseId, this.name).catch(() => {});
    this.changed();
  }
}
