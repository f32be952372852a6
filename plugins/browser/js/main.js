// Begins: finds the token, asks what the server can do, and shows the pages.

import { button } from "./button.js";
import { Capabilities } from "./capabilities.js";
import { Connection } from "./connection.js";
import { element, shape } from "./element.js";
import { gate } from "./gate.js";
import { Messages } from "./messages.js";
import { isTyping, shortcutsDialog } from "./shortcuts.js";
import { Studio } from "./studio.js";
import { Tabs } from "./tabs.js";
import { applyTheme, themeSwitch } from "./theme.js";
import { forgetToken, parted, takeToken } from "./token.js";
import { GONE, Trouble, fault } from "./trouble.js";
import { Wire } from "./wire.js";
import { SketchPage } from "./sketch_page.js";
import { MorphPage } from "./morph_page.js";
import { ColorPage } from "./color_page.js";
import { EnlargePage } from "./enlarge_page.js";
import { MakePage } from "./make_page.js";
import { SoundPage } from "./sound_page.js";
import { HistoryPage } from "./history_page.js";

const PAGES = [SketchPage, MorphPage, ColorPage, EnlargePage, MakePage, SoundPage, HistoryPage];

const header = document.getElementById("header");
const place = document.getElementById("page");
const messages = new Messages(document.getElementById("messages"));
const light = element("span.light", { role: "img" });

const LIGHTS = {
  starting: "Looking for the server",
  ready: "The server is ready",
  gone: "The server does not answer",
  refused: "The server does not know this link",
};

applyTheme();
showHeader(null, null);
begin();
addEventListener("hashchange", followAddress);
addEventListener("unhandledrejection", ({ reason }) => messages.show(reason instanceof Trouble ? reason : fault(reason)));

async function begin() {
  const token = takeToken();
  if (!token) return place.replaceChildren(gate(false));
  const wire = new Wire(token);
  const connection = new Connection(wire);
  connection.addEventListener("change", ({ detail }) => connectionChanged(detail));
  wire.addEventListener("busy", ({ detail }) => tellBusy(detail));
  place.replaceChildren(element("p.loading", {}, "Asking the server what it can do…"));
  await connection.look();
  if (connection.state !== "ready") {
    await new Promise((resolve) =>
      connection.addEventListener("change", ({ detail }) => detail === "ready" && resolve()),
    );
  }
  try {
    const capabilities = new Capabilities(await wire.json("GET", "/v1/capabilities"));
    showStudio(new Studio({ wire, capabilities, messages }));
  } catch (error) {
    if (error.status === 401) return;
    messages.show(error);
    const retry = button("Try again", "again", () => location.reload(), { kind: "primary" });
    place.replaceChildren(element("div.gate", {}, element("h1", {}, "The studio could not begin"), retry));
  }
}

function showStudio(studio) {
  place.replaceChildren();
  const pages = PAGES.filter((Page) => Page.works(studio.capabilities)).map((Page) => new Page(studio));
  for (const page of pages) studio.pages.set(page.id, page);
  studio.tabs = new Tabs(pages, place);
  showHeader(studio.tabs, shortcutsDialog(pages));
  studio.tabs.show(parted(location.hash).rest);
  addEventListener("keydown", (event) => pressed(event, studio));
}

function showHeader(tabs, dialog) {
  const name = element("span.name", {}, mark(), element("span", {}, "creative_gen"));
  const help = dialog && button("Keys", "help", () => dialog.showModal(), { bare: true, key: "?" });
  const tools = element("div.header-tools", {}, light, help, themeSwitch());
  header.replaceChildren(element("div.brand", {}, name), ...(tabs ? [tabs.list] : []), tools);
  if (dialog) {
    document.body.append(dialog);
    header.showKeys = () => dialog.showModal();
  }
}

// Half a circle in ink, the other half as the model would go on.
function mark() {
  return shape(
    "svg",
    { class: "mark", viewBox: "0 0 24 24", "aria-hidden": "true" },
    shape("path", { class: "ink", d: "M12 3a9 9 0 0 0 0 18" }),
    shape("path", { class: "pencil", d: "M12 3a9 9 0 0 1 0 18" }),
  );
}

function pressed(event, studio) {
  if (isTyping(event) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    event.preventDefault();
    header.showKeys();
  } else {
    studio.tabs.shown.pressed?.(event);
  }
}

function connectionChanged(state) {
  light.dataset.state = state;
  light.title = LIGHTS[state];
  light.setAttribute("aria-label", LIGHTS[state]);
  if (state === "gone") messages.show(GONE);
  if (state === "ready") messages.drop(GONE.code);
  if (state === "refused") {
    forgetToken();
    messages.drop("wrong_token");
    place.replaceChildren(gate(true));
    showHeader(null, null);
  }
}

function tellBusy({ seconds, trouble }) {
  const again = seconds === 1 ? "in a second" : `in ${seconds} seconds`;
  messages.show({ code: "busy", message: trouble.message, hint: `It is asked again ${again}.` }, "news");
}

// A new link in the same tab changes nothing but the fragment.
function followAddress() {
  const { token, rest } = parted(location.hash);
  if (token) {
    takeToken();
    location.reload();
  } else if (rest) {
    document.getElementById(`tab-${rest}`)?.click();
  }
}
