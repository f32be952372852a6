// What is shown instead of the studio where there is no token, or a wrong one.

import { element } from "./element.js";

/** A page that says how to get in. */
export function gate(refused) {
  const title = refused ? "This link is of an earlier server" : "The studio needs a link with a key";
  const reason = refused
    ? "The server was started anew since, and takes its new link alone."
    : "The server lets in whoever has the key that it prints when it starts.";
  return element(
    "div.gate",
    { role: "alert" },
    element("h1", {}, title),
    element("p", {}, reason, " Run this in a terminal; it opens the studio with its key:"),
    element("pre", {}, element("code", {}, "creative-gen serve --open")),
    element(
      "p.quiet",
      {},
      "Where a server runs already, that command tells you its address. Open what it prints, with all that follows the #.",
    ),
  );
}
