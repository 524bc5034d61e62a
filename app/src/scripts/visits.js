// Leads from a post that has changed since this browser last showed it to the difference. Only the browser remembers when.
const VISITS = "visits", VISITS_MAX = 300;
let visited;

function noteVisit() {
  const post = document.querySelector(".post.h-entry");
  if (!post || post === visited) return;
  const time = post.querySelector(".dt-updated") ?? post.querySelector(".dt-published");
  const id = parseInt(post.querySelector(".u-url")?.value.split("/").pop());
  const updated = Math.floor(Date.parse(time?.dateTime) / 1000);
  if (!id || !updated) return;
  visited = post;
  try {
    const visits = JSON.parse(localStorage.getItem(VISITS)) ?? [];
    // A tab shows the same difference until it is closed.
    const before = (sessionStorage[`${VISITS}-${id}`] ??= visits.find(([known]) => known === id)?.[1] ?? updated);
    const others = visits.filter(([known]) => known !== id);
    localStorage.setItem(VISITS, JSON.stringify([[id, updated], ...others].slice(0, VISITS_MAX)));
    const link = post.querySelector(".last-change a");
    if (!link || !(before < updated)) return;
    link.href += `&since=${before}`;
    // Keeps the text node, which the client needs for hydration.
    link.firstChild.data = "See what has changed since you last read it";
  } catch {
    // The browser remembers nothing.
  }
}

noteVisit();
new MutationObserver(noteVisit).observe(document.body, { subtree: true, childList: true });
