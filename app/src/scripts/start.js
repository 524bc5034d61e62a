// Starts the client. Pages are whole without it: it comes at once where something is being done, as soon as the browser has
// time to whoever is signed in, and to mere readers when they turn to a form.
const FORM = "main form, footer form, [role=alert]";
let started = false;

async function start() {
  if (started) return;
  started = true;
  try {
    // They are asked for one after the other; from now on they are on their way.
    for (const part of PARTS) fetch(part).then((answer) => answer.arrayBuffer()).catch(() => {});
    const { default: load, hydrate } = await import(MODULE);
    await load({ module_or_path: WASM });
    await hydrate();
    document.querySelector("script[type=speculationrules]")?.remove();
  } catch {
    // The page goes on as a document, and the next sign is another chance. What has not come the browser tells by itself, unless
    // the reader has gone on to another page meanwhile: then there is nothing to tell.
    started = false;
  }
}

// Has the browser fetch the document behind a link on which a reader rests. How often somebody may search is limited.
function fetchAhead() {
  const where = { and: [{ href_matches: "/*" }, { not: { href_matches: "/*\\?*q=*" } }] };
  const rules = document.createElement("script");
  rules.type = "speculationrules";
  rules.nonce = document.querySelector("script[nonce]").nonce;
  rules.text = JSON.stringify({ prefetch: [{ where, eagerness: "moderate" }] });
  document.head.append(rules);
}

const isMember = document.querySelector(`form[action="${LOGOUT}"]`) !== null;
if ((isMember && document.querySelector("main form[method=post]")) || document.activeElement?.closest(FORM)) {
  start();
} else if (isMember) {
  // Not every browser tells when it has time.
  (window.requestIdleCallback ?? setTimeout)(start);
} else {
  fetchAhead();
}
for (const sign of ["focusin", "pointerdown"]) {
  document.addEventListener(sign, ({ target }) => target.closest?.(FORM) && start());
}

// A message is dismissed before the client is there: it finds out when it comes (`components/dismiss.rs`).
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.(".dismiss");
  if (button && !("hydrated" in document.documentElement.dataset)) button.parentElement.hidden = true;
});
