// A tune to begin with, made for creative_gen: {pitch, start, length} in beats.

const MELODY = [67, 72, 74, 76, 79, 76, 74, 72, 69, 74, 77, 76, 74, 71, 67, 72];
const BEATS = [0.5, 0.5, 0.5, 0.5, 1, 0.5, 0.5, 1, 0.5, 0.5, 1, 0.5, 0.5, 0.5, 0.5, 2];
const BASS = [
  [60, 0, 2],
  [64, 2, 1.5],
  [60, 3.5, 1.5],
  [65, 5, 1.5],
  [62, 6.5, 2.5],
  [60, 9, 2],
];

export const TUNE = { tempo: 108, notes: [...melody(), ...BASS.map(([pitch, start, length]) => ({ pitch, start, length, velocity: 72 }))] };

function melody() {
  let start = 0;
  return MELODY.map((pitch, index) => {
    const note = { pitch, start, length: BEATS[index], velocity: index % 4 ? 88 : 100 };
    start += BEATS[index];
    return note;
  });
}
