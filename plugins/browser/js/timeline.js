// States that can be undone and redone.

export class Timeline {
  constructor(first) {
    this.past = [];
    this.now = first;
    this.future = [];
  }

  /** Go on to a new state. */
  add(state) {
    this.past.push(this.now);
    this.now = state;
    this.future = [];
  }

  /** Go back; whether that was possible. */
  undo() {
    if (!this.past.length) return false;
    this.future.push(this.now);
    this.now = this.past.pop();
    return true;
  }

  /** Go forward again; whether that was possible. */
  redo() {
    if (!this.future.length) return false;
    this.past.push(this.now);
    this.now = this.future.pop();
    return true;
  }
}
