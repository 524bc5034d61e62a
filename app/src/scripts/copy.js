// Adds a button that copies a block of code. The client may copy the buttons with the text, so one listener serves them all.
function offerCopies() {
  for (const block of document.querySelectorAll(".post .prose pre:not(:has(+ .copy))")) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "copy", textContent: "Copy", ariaLive: "polite" });
    block.after(button);
  }
}

if (navigator.clipboard) {
  offerCopies();
  new MutationObserver(offerCopies).observe(document.body, { subtree: true, childList: true });
  document.addEventListener("click", async ({ target }) => {
    if (!target.matches?.(".copy")) return;
    const copied = navigator.clipboard.writeText(target.previousElementSibling.textContent);
    target.textContent = await copied.then(() => "Copied", () => "Not copied");
    setTimeout(() => (target.textContent = "Copy"), 2000);
  });
}
