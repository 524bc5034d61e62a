// Makes wide code and tables focusable, so that they can be scrolled by keyboard, which not every browser supports by
// itself.
function reachWide() {
  for (const block of document.querySelectorAll(".prose pre, .prose table")) {
    if (block.scrollWidth > block.clientWidth) block.setAttribute("tabindex", "0");
    else block.removeAttribute("tabindex");
  }
}

reachWide();
addEventListener("resize", reachWide);
new MutationObserver(reachWide).observe(document.body, { subtree: true, childList: true });
