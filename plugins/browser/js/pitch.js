// Names of pitches, and the computer keys that play them.

const NAMES = ["C", "C sharp", "D", "D sharp", "E", "F", "F sharp", "G", "G sharp", "A", "A sharp", "B"];
const KEYS = ["a", "w", "s", "e", "d", "f", "t", "g", "y", "h", "u", "j", "k", "o", "l", "p", ";"];

/** A pitch's name, such as "C sharp 4"; 60 is C 4. */
export function pitchName(pitch) {
  return `${NAMES[pitch % 12]} ${Math.floor(pitch / 12) - 1}`;
}

/** Whether a pitch has a black key. */
export function isBlack(pitch) {
  return [1, 3, 6, 8, 10].includes(pitch % 12);
}

/** The computer key of a pitch, counted from the lowest C that is shown; "" where there is none. */
export function keyOf(pitch, lowest) {
  return KEYS[pitch - lowest] || "";
}

/** The pitch of a computer key, or null. */
export function pitchOf(key, lowest) {
  const step = KEYS.indexOf(key.toLowerCase());
  return step < 0 ? null : lowest + step;
}
