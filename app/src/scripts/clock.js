// Shows dates as the reader's clock does: the server writes them in UTC. Those that the client brings are found as they come.
const DATE = "time[data-shown]";
const DAY = { day: "numeric", month: "long", year: "numeric" };
const MINUTE = { hour: "2-digit", minute: "2-digit" };

function localise(time) {
  const at = new Date(time.dateTime);
  // There is nothing to do where UTC is the time, nor for a date that the browser does not know.
  if (!at.getTimezoneOffset() || !time.firstChild) return;
  const day = at.toLocaleDateString("en-GB", DAY);
  const minute = `${day}, ${at.toLocaleTimeString("en-GB", MINUTE)}`;
  time.title = minute;
  // The text stays the same node: the client knows it.
  time.firstChild.data = time.dataset.shown === "minute" ? minute : day;
}

function localiseIn(node) {
  if (node.nodeType === Node.ELEMENT_NODE && node.matches(DATE)) localise(node);
  node.querySelectorAll?.(DATE).forEach(localise);
}

localiseIn(document);
new MutationObserver((changes) => {
  for (const { type, target, addedNodes } of changes) {
    if (type === "attributes") localiseIn(target);
    addedNodes.forEach(localiseIn);
  }
}).observe(document.body, { subtree: true, childList: true, attributeFilter: ["datetime"] });
