// Chooses what the clock strip shows: the target that runs out next, and those already met or missed.

const at = (times, point) => (times[point] ? Date.parse(times[point]) : null);

/** All targets of a case (as the server names them) whose clock has started: {id, minutes, due, left, used, met}. */
export function running(view, now) {
  return (view.targets ?? []).flatMap((target) => {
    const start = at(view.times, target.from);
    if (start === null) return [];
    const end = at(view.times, target.to);
    const due = start + target.minutes * 60_000;
    const spent = ((end ?? now) - start) / 1000;
    return [{ ...target, due, spent, left: (due - now) / 1000, used: spent / (target.minutes * 60), met: end === null ? null : end <= due }];
  });
}

/** The open target that runs out next; one that has run out stays until it is reached. */
export function next(view, now) {
  return running(view, now).filter((target) => target.met === null).sort((a, b) => a.due - b.due)[0] ?? null;
}

/** The target reached last, for the wide strip. */
export function reached(view, now) {
  return running(view, now).filter((target) => target.met !== null).at(-1) ?? null;
}
