// Compares measurements with budgets, which are upper limits on costs or lower limits on throughput.
const missed = [];

/** Prints whether `value` is within `limit`. A negative limit is a minimum: -500 requires at least 500. */
export function budget(name, value, limit, unit) {
  const holds = limit < 0 ? value >= -limit : value <= limit;
  const told = `${name}: ${value.toFixed(1)} ${unit}, ${limit < 0 ? `at least ${-limit}` : `at most ${limit}`}`;
  console.log(`- ${holds ? "met" : "MISSED"}: ${told}`);
  if (!holds) missed.push(name);
}

/** Prints the missed budgets. They do not fail the run, because measurements depend on the load of the machine. */
export function reportMissed() {
  if (missed.length > 0) console.log(`\nMissed: ${missed.join(", ")}.`);
}
