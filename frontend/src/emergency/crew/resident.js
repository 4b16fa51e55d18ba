// Checks a resident number (GB 11643) on the device: check digit, birth date, sex.

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK = "10X98765432";

/** The check digit of the first seventeen digits (ISO 7064, MOD 11-2). */
export function checkDigit(digits) {
  return CHECK[WEIGHTS.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0) % 11];
}

/** What a number says: {complete, valid, problem, birthDate, sex, age}. `problem`: "check", "date" or null. */
export function read(number, today = new Date()) {
  const complete = number.length === 18;
  const birth = number.length >= 14 ? dateOf(number.slice(6, 14), today) : null;
  const sex = number.length >= 17 ? (Number(number[16]) % 2 ? "male" : "female") : null;
  if (!complete) return { complete, valid: false, problem: null, birthDate: birth?.text ?? null, sex };
  const problem = !birth ? "date" : checkDigit(number) !== number[17] ? "check" : null;
  return { complete, valid: !problem, problem, birthDate: birth?.text ?? null, sex, age: birth?.age ?? null };
}

function dateOf(digits, today) {
  const text = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  const date = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(date.valueOf()) || date.toISOString().slice(0, 10) !== text || date > today) return null;
  return { text, age: ageAt(text, today) };
}

/** Full years at a day. */
export function ageAt(birthDate, today = new Date()) {
  const [year, month, day] = birthDate.split("-").map(Number);
  const past = today.getMonth() + 1 > month || (today.getMonth() + 1 === month && today.getDate() >= day);
  return today.getFullYear() - year - (past ? 0 : 1);
}

/** A key of the pad: X only as the last sign, never more than eighteen. */
export function press(number, key) {
  if (key === "back") return number.slice(0, -1);
  if (number.length >= 18 || (key === "X" && number.length !== 17)) return number;
  return number + key;
}

/** A resident number inside a scanned text (an ID card's or an insurance code's), or null. */
export function find(text) {
  const found = text.toUpperCase().match(/(?<!\d)\d{17}[\dX](?![\dX])/);
  return found && read(found[0]).valid ? found[0] : null;
}
