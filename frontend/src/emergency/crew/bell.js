// The loud sound of a new call, made on the device, until someone takes it.

let context = null;
let timer = null;

// A browser lets a page sound only after a touch: the first touch anywhere opens it.
addEventListener("pointerdown", () => {
  context ??= new AudioContext();
  context.resume().catch(() => {});
}, { once: true });

function pulse(frequency, after) {
  const tone = context.createOscillator();
  const volume = context.createGain();
  const at = context.currentTime + after;
  tone.type = "square";
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.6, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.18);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.2);
}

/** Rings every two seconds and shakes the device. `app.silent` says when the browser did not let it sound. */
export function ring(app) {
  still();
  const once = () => {
    navigator.vibrate?.([400, 150, 400]);
    app.silent = !context || context.state !== "running";
    if (!app.silent) [880, 660, 880].forEach((frequency, i) => pulse(frequency, i * 0.25));
  };
  once();
  timer = setInterval(once, 2000);
}

export function still() {
  clearInterval(timer);
  timer = null;
}
