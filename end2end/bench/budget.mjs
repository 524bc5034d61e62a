// What may be taken at most, or is to be reached at least.
const missed = [];

/** Prints whether `value` is within `limit`; a negative limit is the least that is wanted. */
export function budget(name, value, limit, unit) {
  const holds = limit < 0 ? value >= -limit : value <= limit;
  const told = `${name}: ${value.toFixed(1)} ${unit}, ${limit < 0 ? `at least ${-limit}` : `at most ${limit}`}`;
  console.log(`- ${holds ? "holds" : "FALLS SHORT"}: ${told}`);
  if (!holds) missed.push(name);
}

/** Prints what was not: for people to weigh, who know how busy the machine was. */
export function fallShort() {
  if (missed.length > 0) console.log(`\nFall short: ${missed.join(", ")}.`);
}
