// Finds out who works here: from the server, else from what this device knows; and opens that user's vault.
import { Problem } from "../../web/api.js";
import { use } from "./store.js";
import { Locked, Vault, destroy, openHere, openWith } from "./vault.js";
import { Kept } from "./drafts.js";

const LAST = "banyan_crew_user";

// A browser without storage still works, as long as it is online: a vault of this page alone.
async function passing(user) {
  if (!crypto.subtle) return { user, seal: async (value) => ({ iv: null, box: new TextEncoder().encode(JSON.stringify(value)) }), unseal: async ({ box }) => JSON.parse(new TextDecoder().decode(box)) };
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  return new Vault(user, key);
}

/** {me, vault, fresh, online}, or null when nobody can be known: signed out and without network. */
export async function identify(server, state) {
  const me = await server.me().catch((problem) => (problem instanceof Problem ? refused(problem) : null));
  if (me?.lost) {
    await destroy(me.user).catch(() => {});
    return null;
  }
  if (!state.works) return me ? { me, vault: await passing(me.user), fresh: false, online: true } : null;
  return me ? online(me, server) : offline();
}

// 401: the session ended; the key on the device still opens what is kept.
const refused = (problem) => (problem.body?.lost ? { lost: true, user: localStorage.getItem(LAST) } : null);

async function online(me, server) {
  localStorage.setItem(LAST, me.user);
  const { secret } = await server.key();
  const { vault, fresh } = await openWith(me.user, secret);
  await new Kept(vault).write("me", me);
  return { me, vault, fresh, online: true };
}

async function offline() {
  const user = localStorage.getItem(LAST) ?? (await use((db) => db.getAllKeys("keys")))[0];
  if (!user) return null;
  try {
    const vault = await openHere(user);
    const kept = await new Kept(vault).read("me");
    return kept && { me: kept.value, vault, fresh: false, online: false };
  } catch (error) {
    if (error instanceof Locked) return null;
    throw error;
  }
}
