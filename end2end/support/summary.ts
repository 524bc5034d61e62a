import type { FullResult, Reporter, TestCase, TestResult } from "@playwright/test/reporter";

/** A reporter that prints the numbers of passed, failed and skipped tests in one line. */
export default class Summary implements Reporter {
  private readonly outcomes = new Map<string, TestCase>();

  onTestEnd(test: TestCase, _result: TestResult) {
    this.outcomes.set(test.id, test);
  }

  onEnd(_result: FullResult) {
    const tests = [...this.outcomes.values()];
    const passed = tests.filter((test) => test.ok() && test.outcome() !== "skipped").length;
    const skipped = tests.filter((test) => test.outcome() === "skipped").length;
    const failed = tests.length - passed - skipped;
    console.log(`browser: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}
