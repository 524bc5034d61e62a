// Loads the client. Pages work without it: it is loaded at once on pages with a form to fill in, when idle for other
// logged-in users, and for readers when they focus a form.
const FORM = "main form, footer form, [role=alert]";
let started = false;

async function start() {
  if (started) return;
  started = true;
  try {
    // Loads the chunks in parallel; the client would request them one after another.
    for (const part of PARTS) fetch(part).then((answer) => answer.arrayBuffer()).catch(() => {});
    const { default: load, hydrate } = await import(MODULE);
    await load({ module_or_path: WASM });
    await hydrate();
    document.querySelector("script[type=speculationrules]")?.remove();
  } catch {
    // The page keeps working as a document, and the next interaction retries. The browser reports failed requests
    // itself, unless the page was left, in which case there is nothing to report.
    started = false;
  }
}

// Prefetches the document of a hovered link, except searches, which are rate-limited.
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
  // Not every browser supports requestIdleCallback.
  (window.requestIdleCallback ?? setTimeout)(start);
} else {
  fetchAhead();
}
for (const sign of ["focusin", "pointerdown"]) {
  document.addEventListener(sign, ({ target }) => target.closest?.(FORM) && start());
}

// Hides a dismissed message before hydration, after which `components/dismiss.rs` takes over.
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.(".dismiss");
  if (button && !("hydrated" in document.documentElement.dataset)) button.parentElement.hidden = true;
});
