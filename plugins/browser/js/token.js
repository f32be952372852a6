// The token that the address brings: kept for this tab, and taken out of the address.

const KEY = "creative_gen.token";

/** The token and the rest of an address's fragment, such as "#token=abc&sketch". */
export function parted(fragment) {
  const parts = fragment.replace(/^#/, "").split("&").filter(Boolean);
  const token = parts.find((part) => part.startsWith("token="));
  const rest = parts.filter((part) => part !== token);
  return { token: token ? decodeURIComponent(token.slice(6)) : null, rest: rest.join("&") };
}

/** The token of this tab, or null; the address keeps the name of the page alone. */
export function takeToken() {
  const { token, rest } = parted(location.hash);
  if (token) {
    sessionStorage.setItem(KEY, token);
    history.replaceState(null, "", location.pathname + (rest ? `#${rest}` : ""));
  }
  return sessionStorage.getItem(KEY);
}

/** Forget a token that the server refuses. */
export function forgetToken() {
  sessionStorage.removeItem(KEY);
}
