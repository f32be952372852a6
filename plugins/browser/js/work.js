// One job at a time of a page: its progress, its place in the queue, and a button that cancels it.

import { button } from "./button.js";
import { element } from "./element.js";
import { run, stage } from "./job.js";
import { calledOff } from "./trouble.js";

const SHOWN_AFTER = 300;

export class Work {
  constructor(studio) {
    this.studio = studio;
    this.bar = element("progress", { max: 1, "aria-label": "Progress" });
    this.told = element("span", {});
    this.element = element(
      "div.work",
      { hidden: true, "data-busy": "false" },
      this.told,
      this.bar,
      button("Cancel", "close", () => this.cancel()),
    );
  }

  /** Whether a job runs. */
  get busy() {
    return Boolean(this.controller);
  }

  /** Run a job; the one before is cancelled. Its document, or null if it failed or was cancelled. */
  async run(request, options = {}) {
    const controller = this.begin();
    try {
      const asked = typeof request === "function" ? await request() : request;
      controller.signal.throwIfAborted();
      const onchange = (job) => {
        if (controller !== this.controller) return;
        this.show(job);
        options.onchange?.(job);
      };
      const job = await run(this.studio.wire, asked, { ...options, onchange, signal: controller.signal });
      return controller === this.controller ? job : null;
    } catch (error) {
      if (!calledOff(error) && controller === this.controller) this.studio.messages.show(error);
      return null;
    } finally {
      if (controller === this.controller) this.end();
    }
  }

  /** Cancel what runs, if anything does. */
  cancel() {
    this.controller?.abort();
    this.end();
  }

  begin() {
    this.cancel();
    this.controller = new AbortController();
    this.element.dataset.busy = "true";
    this.timer = setTimeout(() => (this.element.hidden = false), SHOWN_AFTER);
    this.told.textContent = "Sending";
    this.bar.removeAttribute("value");
    return this.controller;
  }

  show(job) {
    this.told.textContent = stage(job);
    if (job.state === "running" && job.progress > 0) this.bar.value = job.progress;
    else this.bar.removeAttribute("value");
  }

  end() {
    clearTimeout(this.timer);
    this.controller = null;
    this.element.dataset.busy = "false";
    this.element.hidden = true;
  }
}
