// Messages in the reader's language: the English text is the message's name, as in the pages' gettext.
const root = document.documentElement;
export const lang = root.lang || "en";

async function load(url) {
  if (!url) return {};
  try {
    const answer = await fetch(url);
    return answer.ok ? await answer.json() : {};
  } catch {
    return {}; // offline before the first visit was complete: English is better than nothing
  }
}

const messages = await load(root.dataset.messages);

const fill = (text, vars) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in vars ? vars[name] : whole));

/** The message in the reader's language; `{name}` is filled from vars. */
export const t = (message, vars = {}) => fill(messages[message] ?? message, vars);

/** Like t, with the form that the number n asks for; Chinese has one form. */
export function tn(one, many, n, vars = {}) {
  const translated = messages[many] ?? (n === 1 ? one : many);
  return fill(translated, { n, ...vars });
}

/** Numbers as the reader writes them. */
export const number = (value, options = {}) => new Intl.NumberFormat(lang, options).format(value);
