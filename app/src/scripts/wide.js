// Code and tables that are wider than the page are scrolled within themselves, by keyboard as well: not every browser sees to that.
function reachWide() {
  for (const block of document.querySelectorAll(".prose pre, .prose table")) {
    if (block.scrollWidth > block.clientWidth) block.setAttribute("tabindex", "0");
    else block.removeAttribute("tabindex");
  }
}

reachWide();
addEventListener("resize", reachWide);
new MutationObserver(reachWide).observe(document.body, { subtree: true, childList: true });
