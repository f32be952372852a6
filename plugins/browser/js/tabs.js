// The names of the pages; one of them is shown.

import { element } from "./element.js";

export class Tabs {
  /** `pages` are {id, name, element, onshow?, onhide?}; the address names the one that is shown. */
  constructor(pages, place) {
    this.pages = pages;
    this.shown = null;
    this.list = element("div.tabs", { role: "tablist", "aria-label": "Pages" });
    for (const page of pages) {
      page.tab = element(
        "button",
        {
          type: "button",
          role: "tab",
          id: `tab-${page.id}`,
          "aria-controls": `page-${page.id}`,
          onclick: () => this.show(page.id),
        },
        page.name,
      );
      page.panel = element(
        "section.page",
        { id: `page-${page.id}`, role: "tabpanel", "aria-labelledby": `tab-${page.id}`, hidden: true },
        page.element,
      );
      this.list.append(page.tab);
      place.append(page.panel);
    }
    this.list.addEventListener("keydown", (event) => this.move(event));
  }

  /** Show a page by its id; the first where there is none of it. */
  show(id) {
    const page = this.pages.find((one) => one.id === id) || this.pages[0];
    if (page === this.shown) return page;
    this.shown?.onhide?.();
    for (const one of this.pages) {
      one.panel.hidden = one !== page;
      one.tab.setAttribute("aria-selected", one === page);
      one.tab.tabIndex = one === page ? 0 : -1;
    }
    this.shown = page;
    page.tab.scrollIntoView({ block: "nearest", inline: "center" });
    history.replaceState(null, "", `#${page.id}`);
    page.onshow?.();
    return page;
  }

  move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const edge = { Home: 0, End: this.pages.length - 1 }[event.key];
    if (step === undefined && edge === undefined) return;
    event.preventDefault();
    const now = this.pages.indexOf(this.shown);
    const next = edge ?? (now + step + this.pages.length) % this.pages.length;
    this.show(this.pages[next].id).tab.focus();
  }
}
