// The sound of a new critical patient, made on the device: a burst once, and once more when it waits too long.
// A browser lets a page sound only after a touch, so the page begins muted and says so.
import { t } from "../../web/i18n.js";
import { toast } from "../../web/ui.js";

const KEPT = "banyan:hospital-sound";
// IEC 60601-1-8: the burst of a high-priority alarm is ten pulses, 3 + 2 and again; pauses in seconds.
const BURST = [0, 0.2, 0.4, 0.75, 0.95, 1.6, 1.8, 2.0, 2.35, 2.55];
const PITCH = [523, 659, 784, 523, 659];

let context = null;
let wanted = read();

function read() {
  try { return localStorage.getItem(KEPT) !== "off"; } catch { return true; }
}

function keep(on) {
  try { localStorage.setItem(KEPT, on ? "on" : "off"); } catch { /* the choice lasts for this page only */ }
}

/** "on": it will sound; "off": somebody muted it; "blocked": wanted, but the browser waits for a touch. */
export const soundState = () => (!wanted ? "off" : context?.state === "running" ? "on" : "blocked");

/** The start gesture and the mute switch: one button. */
export async function toggleSound(draw) {
  if (soundState() === "on") wanted = false;
  else {
    wanted = true;
    try {
      context ??= new AudioContext();
      context.onstatechange = draw;
      await context.resume();
      pulse(880, 0, 0.15);
    } catch {
      toast(t("This device gives no sound: watch the screen."), "problem");
    }
  }
  keep(wanted);
  draw();
}

function pulse(frequency, after, volume = 0.5) {
  const at = context.currentTime + after;
  const loud = context.createGain();
  loud.gain.setValueAtTime(0.0001, at);
  loud.gain.exponentialRampToValueAtTime(volume, at + 0.02);
  loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.17);
  loud.connect(context.destination);
  for (const [harmonic, share] of [[1, 1], [2, 0.5], [3, 0.25], [4, 0.15]]) {
    const tone = context.createOscillator();
    const part = context.createGain();
    tone.frequency.value = frequency * harmonic;
    part.gain.value = share;
    tone.connect(part).connect(loud);
    tone.start(at);
    tone.stop(at + 0.2);
  }
}

/** Sounds one burst; answers whether it could be heard. */
export function burst() {
  if (soundState() !== "on") return false;
  BURST.forEach((after, i) => pulse(PITCH[i % 5], after));
  return true;
}
