// MIDI files: notes {pitch, start, length, velocity} in beats, at a tempo, with one program.

const TICKS = 480;

/** A standard MIDI file of format 0. `notes` are in beats, `tempo` in beats a minute. */
export function midiFile(notes, { tempo = 108, program = 0, name = "" } = {}) {
  const micros = Math.round(60e6 / tempo);
  const events = [
    ...(name ? [{ at: 0, bytes: [0xff, 0x03, ...quantity(name.length), ...latin(name)] }] : []),
    { at: 0, bytes: [0xff, 0x51, 3, (micros >> 16) & 255, (micros >> 8) & 255, micros & 255] },
    { at: 0, bytes: [0xc0, program] },
    ...notes.flatMap(noteEvents),
  ];
  const body = [];
  let now = 0;
  for (const { at, bytes } of ordered(events)) {
    body.push(...quantity(at - now), ...bytes);
    now = at;
  }
  body.push(0, 0xff, 0x2f, 0);
  const header = [...latin("MThd"), ...long(6), 0, 0, 0, 1, TICKS >> 8, TICKS & 255];
  return new Uint8Array([...header, ...latin("MTrk"), ...long(body.length), ...body]);
}

// What sets the tempo and the program comes first, and a note ends before the next of its pitch.
function ordered(events) {
  const rank = ({ bytes }) => (bytes[0] >= 0xc0 ? 0 : bytes[0] === 0x80 ? 1 : 2);
  return events.sort((one, other) => one.at - other.at || rank(one) - rank(other));
}

function noteEvents({ pitch, start, length, velocity = 96 }) {
  const from = Math.round(start * TICKS);
  const to = Math.max(from + 1, Math.round((start + length) * TICKS));
  return [
    { at: from, bytes: [0x90, pitch, velocity] },
    { at: to, bytes: [0x80, pitch, 0] },
  ];
}

/** The notes and the tempo of a MIDI file; of a file whose tempo changes, the first tempo counts. */
export function readMidi(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ticks = view.getUint16(12) & 0x7fff || TICKS;
  const song = { notes: [], tempo: 120, told: false };
  let at = 8 + view.getUint32(4);
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at + 4);
    if (view.getUint32(at) === 0x4d54726b) readTrack(bytes.subarray(at + 8, at + 8 + length), ticks, song);
    at += 8 + length;
  }
  song.notes.sort((one, other) => one.start - other.start || one.pitch - other.pitch);
  return { notes: song.notes, tempo: song.tempo };
}

function readTrack(bytes, ticks, song) {
  const open = new Map();
  let [at, now, status] = [0, 0, 0];
  const variable = () => {
    let value = 0;
    for (let more = true; more && at < bytes.length; at += 1) {
      value = value * 128 + (bytes[at] & 127);
      more = bytes[at] >= 128;
    }
    return value;
  };
  while (at < bytes.length) {
    now += variable();
    if (bytes[at] >= 128) status = bytes[at++];
    if (status === 0xff) {
      const kind = bytes[at++];
      const length = variable();
      if (kind === 0x51 && !song.told) {
        song.tempo = 60e6 / ((bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2]);
        song.told = true;
      }
      at += length;
    } else if (status === 0xf0 || status === 0xf7) {
      at += variable();
    } else {
      const kind = status & 0xf0;
      const [pitch, velocity] = [bytes[at], bytes[at + 1]];
      at += kind === 0xc0 || kind === 0xd0 ? 1 : 2;
      if (kind === 0x90 || kind === 0x80) {
        close(open, song, pitch, now / ticks);
        if (kind === 0x90 && velocity) open.set(pitch, { pitch, start: now / ticks, velocity });
      }
    }
  }
}

function close(open, song, pitch, end) {
  const note = open.get(pitch);
  if (!note) return;
  open.delete(pitch);
  song.notes.push({ ...note, length: Math.max(end - note.start, 1 / TICKS) });
}

function quantity(value) {
  const bytes = [value & 127];
  for (let rest = value >> 7; rest; rest >>= 7) bytes.unshift((rest & 127) | 128);
  return bytes;
}

function long(value) {
  return [(value >>> 24) & 255, (value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function latin(text) {
  return [...text].map((letter) => letter.charCodeAt(0) & 127);
}
