// An act shows at once with a pending mark, is sent, and stays, or goes back with the reason.
import { t } from "../../web/i18n.js";
import { toast, undo } from "../../web/ui.js";

/** The acts of one page. `draw()` shows what is pending; `settle(answer)` takes the server's truth. */
export class Acts {
  #pending = new Map();
  #number = 0;

  constructor(draw, settle) {
    this.draw = draw;
    this.settle = settle;
  }

  /** Whether an act of this name waits for the server. */
  waits(name) { return this.#pending.has(name); }

  /** The state with all that is pending laid over it; the state itself stays as the server gave it. */
  over(state) {
    if (!state || !this.#pending.size) return state;
    const copy = structuredClone(state);
    for (const { overlay } of this.#pending.values()) overlay?.(copy);
    return copy;
  }

  /** Sends an act. `words` are said with ten seconds to take it back by `back`, where there is a way back. */
  async run(name, { send, overlay = null, words = "", back = null }) {
    const mine = ++this.#number;
    this.#pending.set(name, { overlay, mine });
    this.draw();
    try {
      const answer = await send();
      await this.settle(answer);
      if (words && back) undo(words, async () => this.settle(await back()));
      return answer ?? true;
    } catch (problem) {
      if (problem.name === "AbortError") return null;
      toast(problem.status ? problem.message : t("No connection: nothing was changed. Try again."), "problem");
      return null;
    } finally {
      if (this.#pending.get(name)?.mine === mine) this.#pending.delete(name);
      this.draw();
    }
  }
}
