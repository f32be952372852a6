// Whether the server is there; where it went away, asks for it again, ever more slowly.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;

export class Connection extends EventTarget {
  /** Events: "change", with `state` "starting", "ready", "gone" or "refused". */
  constructor(wire) {
    super();
    this.wire = wire;
    this.state = "starting";
    this.timer = null;
    this.wait = FIRST_WAIT;
    wire.addEventListener("gone", () => this.lost());
    wire.addEventListener("refused", () => this.become("refused"));
    addEventListener("online", () => this.state === "gone" && this.look());
  }

  /** Find out whether the server is there. */
  async look() {
    clearTimeout(this.timer);
    this.timer = null;
    try {
      const answer = await fetch("/v1/health", { cache: "no-store" });
      const health = await answer.json();
      if (health.state === "stopping") throw new Error("The server stops.");
      this.wait = FIRST_WAIT;
      this.become("ready");
    } catch {
      this.lost();
    }
  }

  lost() {
    this.become("gone");
    if (this.timer) return;
    this.timer = setTimeout(() => this.look(), this.wait);
    this.wait = Math.min(LONGEST_WAIT, this.wait * 1.7);
  }

  become(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("change", { detail: state }));
  }
}
