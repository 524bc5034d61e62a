// Converts dates from the time of the site to the local time, including those that the client inserts later.
const DATE = "time[data-shown]";
const DAY = { day: "numeric", month: "long", year: "numeric" };
const MINUTE = { hour: "2-digit", minute: "2-digit" };

function localise(time) {
  const at = new Date(time.dateTime);
  // Nothing to do for a date that the browser cannot parse, or in UTC if the date is in UTC already.
  if (isNaN(at) || !time.firstChild || (!at.getTimezoneOffset() && time.title.endsWith("UTC"))) return;
  const day = at.toLocaleDateString("en-GB", DAY);
  const minute = `${day}, ${at.toLocaleTimeString("en-GB", MINUTE)}`;
  time.title = minute;
  // Keeps the text node, which the client needs for hydration.
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
