// Moves the sweep's head through a stream at the pace of real time, a little behind the newest sample.

const BEHIND = 1.3; // s: one frame of a second and what the network may jitter
const TOO_LATE = 4; // s behind: the page was asleep, so catch up at once

/** Returns next(now ms) → head in samples. The pace bends by at most 8 %, so that the trace never jumps. */
export function playback(stream) {
  let head = null;
  let last = 0;
  let signal = null;
  return (now) => {
    const wanted = stream.end - BEHIND * stream.rate;
    if (signal !== stream.signal || head === null || stream.end - head > TOO_LATE * stream.rate) {
      head = Math.max(0, wanted);
      signal = stream.signal;
    } else {
      const drift = (wanted - head) / stream.rate;
      const pace = 1 + Math.max(-0.08, Math.min(0.08, drift * 0.2));
      head = Math.min(stream.end, head + (Math.min(250, now - last) / 1000) * stream.rate * pace);
    }
    last = now;
    return head;
  };
}
