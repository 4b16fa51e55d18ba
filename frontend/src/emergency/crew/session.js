// The acts of the person rather than of the case: sign in again, sign out, choose the unit, answer an order.
import { Problem } from "../../web/api.js";
import { t } from "../../web/i18n.js";
import { still } from "./bell.js";
import { isCut } from "./server.js";
import { lock } from "./vault.js";
import { said } from "./view.js";
import { keepAwake, wake } from "./wake.js";

export const actsOf = (app) => ({
  async signIn(user, password) {
    app.float("signin", { busy: true });
    try {
      const me = await app.server.signIn(user, password);
      if (me.user !== app.me.user) return app.float("signin", { problem: t("{user} is another user: what waits here belongs to {mine}.", { user: me.user, mine: app.me.user }) });
      app.sink();
      await app.sync.resume();
    } catch (error) {
      app.float("signin", { problem: isCut(error) ? t("No network. Everything is kept; try again when it returns.") : t("The name or the password is wrong.") });
    }
    return app.draw();
  },

  async signOut() {
    if (app.outbox.waiting.length) await app.sync.kick();
    if (app.outbox.waiting.length && !app.leaveAnyway) {
      app.leaveAnyway = true;
      const words = t("{n} items are not sent yet: they stay sealed on this device until you sign in again. Sign out once more to do so.", { n: app.outbox.waiting.length });
      return app.tell(words, "problem");
    }
    await lock(app.me.user);
    await app.server.signOut().catch(() => {});
    location.href = "/signin?next=/emergency/crew";
    return null;
  },

  async wake(ask = wake) {
    try {
      app.waking = await ask(app.server);
    } catch (error) {
      app.waking = "failed";
      app.wakeProblem = isCut(error) ? t("No network: ask again when it returns.") : error.message;
    }
    return app.draw();
  },

  keepAwake() { return app.wake(keepAwake); },

  async askUnits() {
    if (app.asking) return;
    app.asking = true;
    try {
      const { units } = await app.server.units();
      app.float("shift", { units: units.map((unit) => ({ id: unit.id, name: said(unit.name) || unit.number })) });
    } catch (error) {
      app.float("shift", { problem: isCut(error) ? t("No network: the unit can be chosen when it returns.") : error.message });
    } finally {
      app.asking = false;
    }
  },

  async takeUnit(unit) {
    try {
      const shift = await app.server.takeUnit(unit.id);
      app.sink();
      await app.heardShift(shift);
    } catch (error) {
      app.float("shift", { problem: error.message });
    }
  },

  async decline(order, reason) {
    try {
      await app.server.refuse(order.task, reason);
      app.orders = app.orders.filter((each) => each !== order);
      if (!app.orders.length) still();
      app.tell(t("Dispatch knows: another unit is sent."));
    } catch (error) {
      app.tell(error instanceof Problem ? error.message : t("Dispatch was not reached. Say it by radio."), "problem");
    }
  },

  tryAgain: async (id) => {
    await app.outbox.retry(id);
    await app.sync.kick();
  },

  read(message) {
    if (app.readUpTo === message.id) return;
    app.readUpTo = message.id;
    message.read = true;
    app.server.read(app.caseId).catch(() => {});
  },

  async close() {
    await app.open(null);
    app.go("main");
  },
});
